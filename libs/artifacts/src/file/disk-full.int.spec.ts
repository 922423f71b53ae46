import { spawnSync } from 'node:child_process';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory, type TemporaryDirectory } from '@millrace/testing';
import { openArtifactStore } from '../index.js';

const run = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;

/** A file system of 1 MiB; mounting one takes privileges. */
const mountSmall = (path: string) => run('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path);

describe('a full disk', () => {
  let directory: TemporaryDirectory;
  let mounted: boolean;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    mounted = mountSmall(directory.path);
    if (!mounted) console.warn('cannot mount a tmpfs here: the test of a full disk is skipped');
  });
  afterAll(async () => {
    if (mounted) run('umount', directory.path);
    await directory[Symbol.asyncDispose]();
  });

  it('refuses with storage_full, leaves nothing half, and goes on once there is room', async () => {
    if (!mounted) return;
    const store = openArtifactStore(join(directory.path, 'artifacts'));
    const small = await store.put('small', { type: 'file' });
    const ballast = join(directory.path, 'ballast');
    await writeFile(ballast, Buffer.alloc(600 * 1024));
    const big = Buffer.alloc(700 * 1024, 1);

    const refusal = { code: 'storage_full', retryable: true };
    await expect(store.put(big, { type: 'file' })).rejects.toMatchObject(refusal);
    await expect(store.putFile(ballast, { type: 'file' })).rejects.toMatchObject(refusal);
    expect(await readdir(join(directory.path, 'artifacts', 'tmp'))).toEqual([]);
    expect((await store.get(small)).toString()).toBe('small');

    await rm(ballast);
    const ref = await store.put(big, { type: 'file' });
    expect((await store.get(ref)).equals(big)).toBe(true);
  });
});
