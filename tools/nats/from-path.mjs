import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { checkBinary } from './binary.mjs';

/** Debian puts it into /usr/sbin, which is not on the PATH of everybody. */
const alsoLookedAt = ['/usr/local/sbin', '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

export const fromPath = async ({ env }) => {
  if (env.NATS_SERVER_BIN) return checkBinary(env.NATS_SERVER_BIN);
  const directories = [...(env.PATH ?? '').split(delimiter).filter(Boolean), ...alsoLookedAt];
  const names = process.platform === 'win32' ? ['nats-server.exe'] : ['nats-server'];
  const found = directories.flatMap((d) => names.map((n) => join(d, n))).filter((path) => existsSync(path));
  if (found.length === 0) throw new Error('none there');
  const reasons = [];
  for (const path of new Set(found))
    try {
      return await checkBinary(path);
    } catch (error) {
      reasons.push(error.message);
    }
  throw new Error(reasons.join('; '));
};
