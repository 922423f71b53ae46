import { open } from 'node:fs/promises';

/** The first bytes of a file as UTF-8, and whether that is all of it. */
export const readStart = async (path: string, bytes: number): Promise<{ text: string; whole: boolean }> => {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(bytes);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes; length += read)
      ({ bytesRead: read } = await file.read(buffer, length, bytes - length));
    return { text: buffer.toString('utf8', 0, length), whole: length < bytes };
  } finally {
    await file.close();
  }
};
