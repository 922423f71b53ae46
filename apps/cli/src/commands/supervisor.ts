import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DomainError } from '@millrace/contracts';
import { workspaceRoot } from '../config/running-state.js';
import { exitCodes } from '../output/exit-code.js';
import type { Context } from './context.js';

export interface UpOptions {
  standalone?: boolean;
}

/** The supervisor is a program of the repository, and is asked as one: its output is this command's. */
const supervisor = async ({ options }: Context, args: string[]): Promise<number> => {
  const root = workspaceRoot();
  if (root === undefined)
    throw new DomainError(
      'unsupported',
      'up and down work inside a clone of Millrace; elsewhere, set NATS_URL',
    );
  const given = [
    ...args,
    ...(options.json ? ['--json'] : []),
    ...(options.stateDir ? ['--state-dir', options.stateDir] : []),
  ];
  const program = join(root, 'tools', 'supervisor', 'bin.mjs');
  const child = spawn(process.execPath, [program, ...given], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? exitCodes.failure;
};

export const up = (context: Context, { standalone }: UpOptions): Promise<number> =>
  supervisor(context, ['up', ...(standalone ? ['--standalone'] : [])]);

export const down = (context: Context): Promise<number> => supervisor(context, ['down']);
