import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** What the supervisor says of itself in `.millrace/run.json`; see tools/supervisor/README.md. */
export interface RunningState {
  pid: number;
  startedAt: string;
  mode: 'processes' | 'standalone';
  state: 'starting' | 'ready' | 'stopping';
  natsUrl?: string;
  gatewayUrl?: string;
  /** `host:port`. */
  grpcAddress?: string;
  services: { name: string; pid?: number; healthPort?: number; restarts: number }[];
}

/** Where the repository is that this command belongs to; undefined when it was installed elsewhere. */
export const workspaceRoot = (): string | undefined => {
  const root = resolve(import.meta.dirname, '../../../..');
  return existsSync(join(root, 'tools', 'supervisor', 'bin.mjs')) ? root : undefined;
};

const upwards = (directory: string): string[] => {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...upwards(parent)];
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const read = (file: string): RunningState | undefined => {
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as RunningState;
    return isAlive(state.pid) ? state : undefined;
  } catch {
    // Absent, or half written by one that was killed: nothing runs.
    return undefined;
  }
};

/** What runs here: below `stateDir`, or else below this directory or one around it, or in the command's own repository. */
export const runningState = (stateDir?: string, cwd = process.cwd()): RunningState | undefined => {
  if (stateDir) return read(join(stateDir, 'run.json'));
  const places = [...upwards(cwd), ...[workspaceRoot() ?? []].flat()];
  for (const place of places) {
    const state = read(join(place, '.millrace', 'run.json'));
    if (state) return state;
  }
  return undefined;
};
