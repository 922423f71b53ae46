import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes a rename or a new name in a directory survive a power loss. */
const syncDirectory = async (directory: string): Promise<void> => {
  const handle = await open(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Creates a new file with these bytes, on the disk when it resolves. */
export const writeDurably = async (path: string, bytes: Uint8Array): Promise<void> => {
  const handle = await open(path, 'wx', 0o444);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Copies a file and hashes exactly what was copied, so that a source that changes meanwhile cannot make them differ. */
export const copyDurably = async (from: string, to: string): Promise<{ digest: string; size: number }> => {
  const hash = createHash('sha256');
  let size = 0;
  const handle = await open(to, 'wx', 0o444);
  try {
    for await (const chunk of createReadStream(from, {
      highWaterMark: 1024 * 1024,
    }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      size += chunk.length;
      await handle.writeFile(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { digest: `sha256:${hash.digest('hex')}`, size };
};

/** Puts a file that somebody else wrote onto the disk, and takes away the permission to write. */
export const sealDurably = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
    await handle.chmod(0o444);
  } finally {
    await handle.close();
  }
};

/** The file appears under its new name whole or not at all, and stays there. */
export const renameDurably = async (from: string, to: string): Promise<void> => {
  const directory = dirname(to);
  const created = await mkdir(directory, { recursive: true });
  await rename(from, to);
  await syncDirectory(directory);
  if (created !== undefined) await syncDirectory(dirname(directory));
};
