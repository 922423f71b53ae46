import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from './services.mjs';

export const defaultStateDir = join(workspaceRoot, '.millrace');
const fileOf = (stateDir) => join(stateDir, 'run.json');

/** When a process began, in the kernel's clock: tells it from a later one with the same number. Linux only. */
const birthOf = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')[19];
  } catch {
    return undefined;
  }
};

const alive = ({ pid, birth }) => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
  }
  return birth === undefined || birth === birthOf(pid);
};

/** What runs in a state directory. A file whose process is gone counts as nothing. */
export const runningState = (stateDir = defaultStateDir) => {
  if (!existsSync(fileOf(stateDir))) return undefined;
  try {
    const { birth, ...state } = JSON.parse(readFileSync(fileOf(stateDir), 'utf8'));
    return alive({ pid: state.pid, birth }) ? state : undefined;
  } catch {
    return undefined; // half written by one that was killed
  }
};

export class AlreadyRunning extends Error {
  code = 'ALREADY_RUNNING';
  constructor(running) {
    super(`Millrace runs already (process ${running.pid}, since ${running.startedAt})`);
    this.running = running;
  }
}

/**
 * Takes the state directory for this process and describes there what runs.
 * @throws AlreadyRunning
 */
export const claim = (stateDir, mode) => {
  mkdirSync(stateDir, { recursive: true });
  const file = fileOf(stateDir);
  const running = runningState(stateDir);
  if (running) throw new AlreadyRunning(running);
  rmSync(file, { force: true });
  let state = {
    pid: process.pid,
    startedAt: new Date().toISOString(),
    mode,
    state: 'starting',
    services: [],
  };
  const birth = birthOf(process.pid);
  const text = () => `${JSON.stringify({ ...state, birth }, null, 2)}\n`;
  writeFileSync(file, text(), { flag: 'wx' });
  let released = false;
  return {
    update(change) {
      if (released) return;
      state = { ...state, ...change };
      try {
        writeFileSync(`${file}.new`, text());
        renameSync(`${file}.new`, file);
      } catch {
        // A full disk, or a directory that somebody deleted, must not keep us from stopping what runs.
      }
    },
    release() {
      released = true;
      rmSync(file, { force: true });
    },
  };
};
