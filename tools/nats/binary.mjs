import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The one that is fetched where none is there. Its digests are in from-release.mjs. */
export const pinnedVersion = '2.12.8';

export const keptBinary = (stateDir) => {
  mkdirSync(join(stateDir, 'bin'), { recursive: true });
  return join(stateDir, 'bin', 'nats-server');
};

/** @throws when it does not run here or is older than 2.9, whose JetStream lacks what we need */
export const checkBinary = async (path) => {
  if (!existsSync(path)) throw new Error(`${path} does not exist`);
  const { stdout } = await run(path, ['--version'], { timeout: 5_000 });
  const version = /v?(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1];
  if (version === undefined) throw new Error(`${path} is not a nats-server`);
  if (!atLeast(version, 2, 9)) throw new Error(`${path} is version ${version}; 2.9 or later is needed`);
  return { binary: path, version };
};

/** Is a version such as `2.10.3` at least `major.minor`? */
export const atLeast = (version, major, minor) => {
  const [a, b] = version.split('.').map(Number);
  return a > major || (a === major && b >= minor);
};
