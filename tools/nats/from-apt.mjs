import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkBinary, keptBinary } from './binary.mjs';

const run = promisify(execFile);
const patience = [
  '-o',
  'Acquire::http::Timeout=5',
  '-o',
  'Acquire::https::Timeout=5',
  '-o',
  'Acquire::Retries=0',
];

/**
 * Debian's and Ubuntu's package. It is fetched and unpacked rather than installed: that needs no root, and it doesn't start
 * the package's own server on port 4222. Only refreshing stale package lists needs root, or sudo that asks nothing.
 */
export const fromApt = async ({ stateDir, say }) => {
  if (process.platform !== 'linux') throw new Error('not Linux');
  await run('apt-get', ['--version']).catch(() => {
    throw new Error('no apt-get here');
  });
  const directory = await mkdtemp(join(tmpdir(), 'millrace-apt-'));
  try {
    say('fetching the Debian package nats-server');
    await fetchPackage(directory);
    const packages = (await readdir(directory)).filter((file) => file.endsWith('.deb'));
    await run('dpkg-deb', ['-x', join(directory, packages[0]), join(directory, 'root')]);
    const target = keptBinary(stateDir);
    await copyFile(join(directory, 'root/usr/sbin/nats-server'), target);
    await chmod(target, 0o755);
    return await checkBinary(target);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

const fetchPackage = async (cwd) => {
  const fetchOnce = () => run('apt-get', ['download', ...patience, 'nats-server'], { cwd, timeout: 120_000 });
  try {
    await fetchOnce();
  } catch (first) {
    const elevated = await asRoot();
    if (!elevated) throw new Error(`apt-get download: ${lastLine(first)} (and no root to refresh its lists)`);
    const [command, ...args] = [...elevated, 'apt-get', 'update', ...patience];
    await run(command, args, { timeout: 60_000 }).catch(() => {});
    await fetchOnce().catch((second) => {
      throw new Error(`apt-get download: ${lastLine(second)}`);
    });
  }
};

/** How to run a command as root: `[]`, `['sudo', '-n']`, or `undefined` when that is not possible. */
export const asRoot = async () => {
  if (process.getuid?.() === 0) return [];
  return run('sudo', ['-n', 'true'], { timeout: 5_000 }).then(
    () => ['sudo', '-n'],
    () => undefined,
  );
};

const lastLine = (error) => (error.stderr || error.message).trim().split('\n').at(-1);
