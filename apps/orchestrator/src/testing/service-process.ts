import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../../..');

/** A service as a process of its own, from its source. @param main below `apps/orchestrator/src` */
export const spawnService = (main: string, env: Record<string, string>): ChildProcess =>
  spawn(
    process.execPath,
    [
      '--conditions=@millrace/source',
      '--import=@swc-node/register/esm-register',
      join(root, 'apps/orchestrator/src', main),
    ],
    {
      cwd: root,
      env: { TS_NODE_PROJECT: 'tsconfig.base.json', ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );

export const isGone = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

/** Without a chance to say goodbye. Resolves when it is gone. */
export const killHard = async (child: ChildProcess | undefined): Promise<void> => {
  if (!child || isGone(child)) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
};
