import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, temporaryDirectory } from '@millrace/testing';
import { digestOfFile } from '../digest.js';

const fixture = join(import.meta.dirname, '__fixtures__/put-for-ever.ts');
const root = join(import.meta.dirname, '../../../..');

const putForEver = (directory: string) =>
  spawn(
    process.execPath,
    ['--conditions=@millrace/source', '--import=@swc-node/register/esm-register', fixture, directory],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { PATH: process.env.PATH, TS_NODE_PROJECT: 'tsconfig.base.json' },
    },
  );

const entries = (path: string) => readdir(path).catch(() => []);

describe('SIGKILL in the middle of put', () => {
  it('leaves no half file under a digest', async () => {
    await using directory = await temporaryDirectory();
    const [work, stored] = [join(directory.path, 'tmp'), join(directory.path, 'sha256')];
    for (let round = 1; round <= 3; round++) {
      const child = putForEver(directory.path);
      const dead = once(child, 'exit');
      // Killed with a write under way and others done: what is in progress stays behind in tmp.
      await eventually(
        async () => (await entries(stored)).length >= round && (await entries(work)).length >= round,
      );
      child.kill('SIGKILL');
      await dead;
    }
    expect((await entries(work)).length).toBeGreaterThan(0);
    const files = (await readdir(stored, { recursive: true })).filter((name) => name.includes('/'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const { digest } = await digestOfFile(join(stored, file));
      expect(digest).toBe(`sha256:${file.replace('/', '')}`);
    }
  });
});
