import type { CliEnv } from '../config/cli.env.js';
import { Session } from '../connection/session.js';
import type { Io } from '../io.js';
import { Output } from '../output/output.js';

/** Options that every command takes. */
export interface GlobalOptions {
  json?: boolean;
  nats?: string;
  stateDir?: string;
}

/** What a command works with. Its number is the exit code. */
export interface Context {
  env: CliEnv;
  options: GlobalOptions;
  stdin: AsyncIterable<Buffer>;
  output: Output;
  connect(): Promise<Session>;
}

export const contextOf = (env: CliEnv, { stdin, stdout }: Io, options: GlobalOptions): Context => ({
  env,
  options,
  stdin,
  output: new Output(options.json ?? false, env, stdout),
  connect: () => Session.open({ env, nats: options.nats, stateDir: options.stateDir }),
});
