import type { IncomingMessage } from 'node:http';

/**
 * A body of known length, as one piece. `done` is called within the turn in which its last byte arrives, and never when it
 * does not arrive. Most bodies come in one piece, which is not copied.
 */
export const readBody = (
  request: IncomingMessage,
  length: number,
  done: (body: Uint8Array) => void,
): void => {
  if (length === 0) return done(new Uint8Array());
  const parts: Buffer[] = [];
  let received = 0;
  request.on('data', (part: Buffer) => {
    parts.push(part);
    received += part.length;
    if (received === length) done(parts.length === 1 ? part : Buffer.concat(parts, length));
  });
};
