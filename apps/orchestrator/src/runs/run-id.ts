import { randomBytes } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A ULID in lower case (https://github.com/ulid/spec): sorts by time, fits into a subject. */
export const newRunId = (now: number = Date.now()): string => {
  const bytes = Buffer.concat([Buffer.alloc(6), randomBytes(10)]);
  bytes.writeUIntBE(now, 0, 6);
  let bits = BigInt(`0x${bytes.toString('hex')}`);
  let id = '';
  for (let i = 0; i < 26; i++, bits >>= 5n) id = `${alphabet[Number(bits & 31n)]}${id}`;
  return id;
};
