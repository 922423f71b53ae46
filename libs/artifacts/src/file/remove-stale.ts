import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const day = 24 * 60 * 60 * 1000;

/** Removes what a crashed process left behind. A day is longer than any write that is still under way. */
export const removeStale = async (directory: string, now = Date.now()): Promise<void> => {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    // Another process may be tidying up too.
    const file = await stat(path).catch(() => undefined);
    if (file && now - file.mtimeMs > day) await rm(path, { recursive: true, force: true });
  }
};
