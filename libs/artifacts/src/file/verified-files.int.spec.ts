import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactRef } from '@millrace/contracts';
import { temporaryDirectory, type TemporaryDirectory } from '@millrace/testing';
import { digestOfBytes, digestOfFile } from '../digest.js';
import { VerifiedFiles } from './verified-files.js';

describe('VerifiedFiles', () => {
  let directory: TemporaryDirectory;
  let path: string;
  let ref: ArtifactRef;
  let hashed: number;
  const files = () =>
    new VerifiedFiles((file) => {
      hashed++;
      return digestOfFile(file);
    });

  beforeEach(async () => {
    directory = await temporaryDirectory();
    path = join(directory.path, 'file');
    hashed = 0;
    await writeFile(path, 'content');
    ref = { type: 'file', digest: await digestOfBytes(Buffer.from('content')), size: 7 };
  });
  afterEach(() => directory[Symbol.asyncDispose]());

  it('hashes once while the file stays as it is, also for ten callers at once', async () => {
    const verified = files();
    expect(await Promise.all(Array.from({ length: 10 }, () => verified.isIntact(path, ref)))).toEqual(
      Array.from({ length: 10 }, () => true),
    );
    expect(await verified.isIntact(path, ref)).toBe(true);
    expect(hashed).toBe(1);
  });

  it('hashes again when the file was touched', async () => {
    const verified = files();
    await verified.isIntact(path, ref);
    await writeFile(path, 'contenT');
    expect(await verified.isIntact(path, ref)).toBe(false);
    expect(hashed).toBe(2);
  });

  it('does not trust what does not have the size', async () => {
    const verified = files();
    await appendFile(path, '!');
    await verified.trust(path, ref);
    expect(await verified.isIntact(path, ref)).toBe(false);
    expect(hashed).toBe(0);
  });

  it('does not hash what it trusts', async () => {
    const verified = files();
    await verified.trust(path, ref);
    expect(await verified.isIntact(path, ref)).toBe(true);
    expect(hashed).toBe(0);
  });
});
