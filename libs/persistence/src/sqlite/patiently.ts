import { setTimeout as wait } from 'node:timers/promises';
import { isBusy } from '../transactions/database-error.js';

const patienceMs = 10_000;
const maxDelayMs = 20;

/**
 * Repeats what begins a write while another process holds the file's lock (an old and a new replica side by side).
 * SQLite's own busy timeout would hold up the event loop instead.
 */
export const patiently = async <T>(begin: () => Promise<T>): Promise<T> => {
  const end = performance.now() + patienceMs;
  for (let delay = 1; ; delay = Math.min(delay * 2, maxDelayMs)) {
    try {
      return await begin();
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error;
      await wait(delay * (0.5 + Math.random()));
    }
  }
};
