import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { PeerSpec } from './peers.js';

const run = promisify(execFile);
const installed = resolve(import.meta.dirname, '../../../.millrace/bench');
const timeoutMs = 240_000;

/** A virtual environment with the peer's packages, kept for the next time. @returns its Python */
export const install = async ({ folder, packages }: PeerSpec): Promise<string> => {
  const environment = join(installed, folder);
  const python = join(environment, 'bin/python');
  const stamp = join(environment, 'packages.txt');
  const wanted = packages.join('\n');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  mkdirSync(installed, { recursive: true });
  rmSync(environment, { recursive: true, force: true });
  const signal = AbortSignal.timeout(timeoutMs);
  await run('python3', ['-m', 'venv', environment], { signal });
  await run(python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...packages], { signal });
  writeFileSync(stamp, wanted);
  return python;
};
