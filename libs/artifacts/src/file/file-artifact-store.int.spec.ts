import { createHash } from 'node:crypto';
import { mkdir, readdir, stat, symlink, utimes, writeFile, chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ArtifactRef } from '@millrace/contracts';
import { temporaryDirectory, type TemporaryDirectory } from '@millrace/testing';
import { openArtifactStore, type ArtifactStore } from '../index.js';

const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

describe('the artifact store in files', () => {
  let directory: TemporaryDirectory;
  let store: ArtifactStore;
  const fileOf = (ref: ArtifactRef) =>
    join(directory.path, 'sha256', ref.digest.slice(7, 9), ref.digest.slice(9));
  const workInProgress = () => readdir(join(directory.path, 'tmp'));
  const flipBit = async (ref: ArtifactRef) => {
    await chmod(fileOf(ref), 0o644);
    const bytes = await store.get(ref);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(fileOf(ref), bytes);
  };

  beforeEach(async () => {
    directory = await temporaryDirectory();
    store = openArtifactStore(pathToFileURL(directory.path).href);
  });
  afterEach(() => directory[Symbol.asyncDispose]());

  describe('put and get', () => {
    it.each(['', 'hello', 'ü€😀', 'x'.repeat(3_000_000)])(
      'keeps content under its digest %#',
      async (text) => {
        const ref = await store.put(text, { type: 'file', mediaType: 'text/plain' });
        expect(ref).toEqual({
          type: 'file',
          digest: sha256(text),
          size: Buffer.byteLength(text),
          mediaType: 'text/plain',
        });
        expect((await store.get(ref)).toString()).toBe(text);
        expect(await store.has(ref.digest)).toBe(true);
        expect(await workInProgress()).toEqual([]);
      },
    );

    it('stores equal content once, also when it comes twenty times at once', async () => {
      const refs = await Promise.all(Array.from({ length: 20 }, () => store.put('same', { type: 'file' })));
      expect(new Set(refs.map((ref) => ref.digest)).size).toBe(1);
      expect(await readdir(join(directory.path, 'sha256'))).toHaveLength(1);
      expect(await workInProgress()).toEqual([]);
    });

    it('gives equal JSON an equal digest, and the media type of its kind', async () => {
      const a = await store.putJson({ kind: 'model', rows: [1, { y: 2, x: 1 }] }, { type: 'model' });
      const b = await store.putJson({ rows: [1, { x: 1, y: 2 }], kind: 'model' }, { type: 'model' });
      expect(b).toEqual(a);
      expect(a.mediaType).toBe('application/vnd.millrace.model+json');
      expect(await store.getJson(a)).toEqual({ kind: 'model', rows: [1, { x: 1, y: 2 }] });
    });

    it('says not_found for what is not there', async () => {
      const ref = { type: 'file' as const, digest: sha256('never'), size: 5 };
      await expect(store.get(ref)).rejects.toMatchObject({ code: 'not_found' });
      await expect(store.path(ref)).rejects.toMatchObject({ code: 'not_found' });
      expect(await store.has(ref.digest)).toBe(false);
    });

    it('refuses to read more than it was allowed', async () => {
      const ref = await store.put('12345', { type: 'file' });
      await expect(store.get({ ...ref, size: 1 }, { maxBytes: 4 })).rejects.toMatchObject({
        code: 'payload_too_large',
        details: { size: 5, maxBytes: 4 },
      });
      expect((await store.get(ref, { maxBytes: 5 })).toString()).toBe('12345');
    });

    it('says data_invalid for JSON that is none', async () => {
      const ref = await store.put('{', { type: 'report' });
      await expect(store.getJson(ref)).rejects.toMatchObject({ code: 'data_invalid' });
    });
  });

  describe('integrity', () => {
    it('notices a flipped bit on every way out', async () => {
      const ref = await store.put('precious', { type: 'file' });
      expect(await store.path(ref)).toBe(fileOf(ref));
      await flipBit(ref);
      await expect(store.get(ref)).rejects.toMatchObject({ code: 'integrity', retryable: false });
      await expect(store.path(ref)).rejects.toMatchObject({ code: 'integrity' });
      await expect(openArtifactStore(directory.path).path(ref)).rejects.toMatchObject({ code: 'integrity' });
    });

    it('notices a reference that lies about the size', async () => {
      const ref = await store.put('precious', { type: 'file' });
      await expect(store.get({ ...ref, size: 1 })).rejects.toMatchObject({ code: 'integrity' });
      await expect(store.path({ ...ref, size: 1 })).rejects.toMatchObject({ code: 'integrity' });
    });

    it('repairs rotten content when it is put again', async () => {
      const ref = await store.put('precious', { type: 'file' });
      await flipBit(ref);
      await store.put('precious', { type: 'file' });
      expect((await store.get(ref)).toString()).toBe('precious');
    });
  });

  describe('hostile digests', () => {
    it.each([
      'sha256:../../../../etc/passwd',
      `sha256:${'0'.repeat(62)}..`,
      `sha256:${'../'.repeat(21)}a`,
      `sha256:${'A'.repeat(64)}`,
      `sha256:${'0'.repeat(64)}\n`,
      `sha256:${'0'.repeat(63)}\0`,
      `sha512:${'0'.repeat(64)}`,
      '',
      undefined as unknown as string,
      ['sha256'] as unknown as string,
    ])('%j never becomes a path', async (digest) => {
      const ref = { type: 'file' as const, digest, size: 1 };
      const refusal = { code: 'invalid_request', details: { fields: [{ field: 'digest' }] } };
      await expect(store.get(ref)).rejects.toMatchObject(refusal);
      await expect(store.path(ref)).rejects.toMatchObject(refusal);
      await expect(store.has(digest)).rejects.toMatchObject(refusal);
    });

    it.each(['/../../x', 'a/b', '\0', 'x'.repeat(65)])('neither does a suffix (%j)', async (suffix) => {
      await expect(store.temporary(suffix)).rejects.toMatchObject({ code: 'invalid_request' });
    });
  });

  describe('putFile', () => {
    it('copies a file from elsewhere', async () => {
      const source = join(directory.path, 'source.csv');
      await writeFile(source, 'a,b\n1,2\n');
      const ref = await store.putFile(source, { type: 'file' });
      expect(ref).toMatchObject({ digest: sha256('a,b\n1,2\n'), size: 8 });
      expect((await stat(source)).size).toBe(8);
      expect(await workInProgress()).toEqual([]);
    });

    it('moves a temporary file in, twice the same content too', async () => {
      for (let i = 0; i < 2; i++) {
        await using temporary = await store.temporary('.parquet');
        expect(temporary.path).toMatch(/\.parquet$/);
        await writeFile(temporary.path, 'PAR1');
        const ref = await store.putFile(temporary.path, { type: 'file' });
        expect((await store.get(ref)).toString()).toBe('PAR1');
        expect(await workInProgress()).toEqual([]);
      }
    });

    it('makes what it stored read-only', async () => {
      await using temporary = await store.temporary();
      await writeFile(temporary.path, 'x');
      const ref = await store.putFile(temporary.path, { type: 'file' });
      expect((await stat(await store.path(ref))).mode & 0o222).toBe(0);
    });

    it('follows a link to a file, and refuses what is no file', async () => {
      const [file, link] = [join(directory.path, 'f'), join(directory.path, 'l')];
      await writeFile(file, 'x');
      await symlink(file, link);
      expect((await store.putFile(link, { type: 'file' })).digest).toBe(sha256('x'));
      await expect(store.putFile(directory.path, { type: 'file' })).rejects.toMatchObject({
        code: 'invalid_request',
      });
      await expect(store.putFile('/dev/zero', { type: 'file' })).rejects.toMatchObject({
        code: 'invalid_request',
      });
      await expect(store.putFile('/no/such', { type: 'file' })).rejects.toMatchObject({ code: 'not_found' });
      expect(await workInProgress()).toEqual([]);
    });
  });

  describe('temporary', () => {
    it('removes whatever was made there, files or directories', async () => {
      {
        await using temporary = await store.temporary();
        await mkdir(join(temporary.path, 'deep'), { recursive: true });
        await writeFile(join(temporary.path, 'deep', 'f'), 'x');
      }
      expect(await workInProgress()).toEqual([]);
    });

    it('tidies up what a crash left a day ago, and nothing younger', async () => {
      await mkdir(join(directory.path, 'tmp'));
      const [old, young] = ['old', 'young'].map((name) => join(directory.path, 'tmp', name)) as [
        string,
        string,
      ];
      await writeFile(old, 'x');
      await writeFile(young, 'x');
      const yesterday = Date.now() / 1000 - 25 * 3600;
      await utimes(old, yesterday, yesterday);
      await store.put('anything', { type: 'file' });
      expect(await workInProgress()).toEqual(['young']);
    });
  });
});

describe('openArtifactStore', () => {
  it.each([
    ['s3://bucket/prefix', 'unsupported'],
    ['https://example.com', 'unsupported'],
    ['', 'invalid_request'],
  ])('refuses %j', (url, code) => {
    expect(() => openArtifactStore(url)).toThrow(expect.objectContaining({ code }));
  });
});
