import { chmod, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '../random/random.js';

/** All files that hold something, by name. */
export const filesIn = async (directory: string): Promise<string[]> => {
  const found: string[] = [];
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => [])) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && ((await stat(path).catch(() => undefined))?.size ?? 0) > 0) found.push(path);
  }
  return found.toSorted();
};

/** Changes one bit of a file, in its place. @returns how many bytes stand before it */
export const flipBit = async (path: string, random: Random): Promise<number> => {
  await chmod(path, 0o644);
  const file = await open(path, 'r+');
  try {
    const at = random.integer(0, (await file.stat()).size - 1);
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, at);
    byte[0] = (byte[0] ?? 0) ^ (1 << random.integer(0, 7));
    await file.write(byte, 0, 1, at);
    return at;
  } finally {
    await file.close();
  }
};
