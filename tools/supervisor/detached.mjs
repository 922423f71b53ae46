import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { defaultStateDir, runningState } from './run-file.mjs';

/** Starts a supervisor in the background and returns what runs once all of it is ready. */
export const up = async ({ only, standalone, stateDir: directory = defaultStateDir } = {}) => {
  const stateDir = resolve(directory);
  if (runningState(stateDir)) return untilReady(stateDir, () => 'what ran has stopped');
  mkdirSync(join(stateDir, 'logs'), { recursive: true });
  const logFile = join(stateDir, 'logs', 'supervisor.log');
  const log = openSync(logFile, 'w');
  const args = [join(import.meta.dirname, 'bin.mjs'), 'run', '--state-dir', stateDir];
  if (only) args.push('--only', only.join(','));
  if (standalone) args.push('--standalone');
  const child = spawn(process.execPath, args, { stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  try {
    const ended = () => child.exitCode !== null || child.signalCode !== null;
    return await untilReady(
      stateDir,
      () => ended() && (readFileSync(logFile, 'utf8').trim() || 'it ended at once'),
    );
  } finally {
    child.unref();
  }
};

const untilReady = async (stateDir, failure) => {
  for (;;) {
    const state = runningState(stateDir);
    if (state?.state === 'ready') return state;
    // Only what isn't there (any more) can have failed.
    const reason = state === undefined && failure();
    if (reason) throw new Error(reason);
    await wait(50);
  }
};

/**
 * Stops what runs and waits until it is gone.
 * @returns {Promise<boolean>} whether anything ran
 */
export const down = async ({ stateDir = defaultStateDir, timeoutMs = 30_000 } = {}) => {
  const state = runningState(stateDir);
  if (!state) return false;
  process.kill(state.pid, 'SIGTERM');
  const end = Date.now() + timeoutMs;
  while (existsSync(join(stateDir, 'run.json')) && runningState(stateDir)?.pid === state.pid) {
    if (Date.now() > end) throw new Error(`process ${state.pid} has not stopped within ${timeoutMs} ms`);
    await wait(50);
  }
  return true;
};
