import { CommanderError } from 'commander';
import { toDomainError } from '@millrace/contracts';
import type { CliEnv } from './config/cli.env.js';
import type { Io } from './io.js';
import { exitCodeOf, exitCodes } from './output/exit-code.js';
import { describeFailure, failureBody } from './output/failure.js';
import { programOf } from './program.js';

/**
 * @param args without the names of node and the program
 * @returns the exit code
 */
export const runCli = async (args: readonly string[], env: CliEnv, io: Io): Promise<number> => {
  let exitCode: number = exitCodes.done;
  const program = programOf(env, io, (code) => (exitCode = code));
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError)
      return thrown.exitCode === 0 ? exitCodes.done : exitCodes.wrongInput;
    const json = program.opts<{ json?: boolean }>().json ?? false;
    io.stderr.write(`${json ? JSON.stringify(failureBody(thrown)) : describeFailure(thrown)}\n`);
    return exitCodeOf(toDomainError(thrown).code);
  }
};
