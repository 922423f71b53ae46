import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { digestPattern, InvalidRequest } from '@millrace/contracts';

const chunkBytes = 1024 * 1024;

/** Hashes a megabyte at a time, so that a large artifact does not hold up the event loop. */
export const digestOfBytes = async (bytes: Uint8Array): Promise<string> => {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    if (at > 0) await setImmediate();
    hash.update(bytes.subarray(at, at + chunkBytes));
  }
  return `sha256:${hash.digest('hex')}`;
};

export const digestOfFile = async (path: string): Promise<{ digest: string; size: number }> => {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { digest: `sha256:${hash.digest('hex')}`, size };
};

/** `sha256:abcdef…` → `['sha256', 'ab', 'cdef…']`. Nothing but a well-formed digest becomes a path. */
export const digestPath = (digest: string): [algorithm: string, directory: string, name: string] => {
  if (typeof digest !== 'string' || !digestPattern.test(digest)) {
    throw new InvalidRequest([{ field: 'digest', message: 'must be sha256:<64 hex digits>' }]);
  }
  return ['sha256', digest.slice(7, 9), digest.slice(9)];
};
