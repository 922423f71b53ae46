import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DomainError, InvalidRequest, mediaTypes, type ArtifactRef } from '@millrace/contracts';
import type { ArtifactStore, PutOptions, TemporaryPath } from '../artifact-store.js';
import { canonicalJson } from '../canonical-json.js';
import { digestOfBytes, digestOfFile, digestPath } from '../digest.js';
import { copyDurably, renameDurably, sealDurably, writeDurably } from './durable-file.js';
import { fileError } from './file-error.js';
import { removeStale } from './remove-stale.js';
import { VerifiedFiles } from './verified-files.js';

const mebibyte = 1024 * 1024;

/** `<directory>/sha256/ab/cdef…`; work in progress is in `<directory>/tmp` until it is renamed to its digest. */
export class FileArtifactStore implements ArtifactStore {
  private readonly work: string;
  private readonly verified = new VerifiedFiles();
  private tidied: Promise<void> | undefined;

  constructor(private readonly directory: string) {
    this.work = join(directory, 'tmp');
  }

  async put(bytes: Uint8Array | string, o: PutOptions): Promise<ArtifactRef> {
    const content = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    const digest = await digestOfBytes(content);
    const ref = refOf(digest, content.length, o);
    await this.writing(digest, async (temporary) => {
      if (await this.isIntact(ref)) return;
      await writeDurably(temporary, content);
      await this.adopt(temporary, ref);
    });
    return ref;
  }

  putJson(value: object, o: PutOptions): Promise<ArtifactRef> {
    const known: Partial<Record<string, string>> = mediaTypes;
    const text = canonicalJson(value);
    return this.put(text, { mediaType: known[o.type] ?? 'application/json', ...o });
  }

  async putFile(path: string, o: PutOptions): Promise<ArtifactRef> {
    const source = resolve(path);
    return this.writing(source, async (temporary) => {
      // A directory or a pipe would block or fail half-way.
      if (!(await stat(source)).isFile()) {
        throw new InvalidRequest([{ field: 'path', message: `${path} is not a regular file` }]);
      }
      if (dirname(source) === this.work) return this.moveIn(source, o);
      const { digest, size } = await copyDurably(source, temporary);
      const ref = refOf(digest, size, o);
      if (!(await this.isIntact(ref))) await this.adopt(temporary, ref);
      return ref;
    });
  }

  async get(ref: ArtifactRef, o: { maxBytes?: number } = {}): Promise<Buffer> {
    const path = this.locate(ref.digest);
    try {
      const { size } = await stat(path);
      const maxBytes = o.maxBytes ?? 1024 * mebibyte;
      if (size > maxBytes) throw tooLarge(ref, size, maxBytes);
      const bytes = await readFile(path);
      if (bytes.length !== ref.size || (await digestOfBytes(bytes)) !== ref.digest) throw corrupt(ref);
      return bytes;
    } catch (error) {
      throw fileError(error, ref.digest);
    }
  }

  async getJson<T>(ref: ArtifactRef, o: { maxBytes?: number } = {}): Promise<T> {
    const bytes = await this.get(ref, { maxBytes: o.maxBytes ?? 256 * mebibyte });
    try {
      return JSON.parse(bytes.toString('utf8')) as T;
    } catch (error) {
      throw new DomainError('data_invalid', `artifact ${ref.digest} is not JSON`, { cause: error });
    }
  }

  async path(ref: ArtifactRef): Promise<string> {
    const path = this.locate(ref.digest);
    try {
      if (!(await this.verified.isIntact(path, ref))) throw corrupt(ref);
      return path;
    } catch (error) {
      throw fileError(error, ref.digest);
    }
  }

  async has(digest: string): Promise<boolean> {
    return stat(this.locate(digest)).then(
      (file) => file.isFile(),
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return false;
        throw fileError(error, digest);
      },
    );
  }

  async temporary(suffix = ''): Promise<TemporaryPath> {
    if (!/^[\w.-]{0,64}$/.test(suffix)) {
      throw new InvalidRequest([
        { field: 'suffix', message: 'must be letters, digits, dot, dash or underscore' },
      ]);
    }
    await this.prepare();
    const path = join(this.work, randomUUID() + suffix);
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
  }

  /** Runs a write with a temporary path of its own, which is gone afterwards however it ends. */
  private async writing<T>(what: string, write: (temporary: string) => Promise<T>): Promise<T> {
    try {
      await using temporary = await this.temporary();
      return await write(temporary.path);
    } catch (error) {
      throw fileError(error, what);
    }
  }

  private async moveIn(source: string, o: PutOptions): Promise<ArtifactRef> {
    await sealDurably(source);
    const { digest, size } = await digestOfFile(source);
    const ref = refOf(digest, size, o);
    if (await this.isIntact(ref)) await rm(source);
    else await this.adopt(source, ref);
    return ref;
  }

  private async adopt(temporary: string, ref: ArtifactRef): Promise<void> {
    const path = this.locate(ref.digest);
    await renameDurably(temporary, path);
    await this.verified.trust(path, ref);
  }

  /** Is this content here already? A copy that has rotted is written again, so it counts as not here. */
  private isIntact(ref: ArtifactRef): Promise<boolean> {
    return this.verified.isIntact(this.locate(ref.digest), ref).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    });
  }

  private locate(digest: string): string {
    return join(this.directory, ...digestPath(digest));
  }

  /** The directory for work in progress; once per process without what crashed processes left there long ago. */
  private async prepare(): Promise<void> {
    try {
      await mkdir(this.work, { recursive: true });
      this.tidied ??= removeStale(this.work);
      await this.tidied;
    } catch (error) {
      this.tidied = undefined;
      throw fileError(error, this.work);
    }
  }
}

const refOf = (digest: string, size: number, { type, mediaType }: PutOptions): ArtifactRef => ({
  type,
  digest,
  size,
  ...(mediaType === undefined ? {} : { mediaType }),
});

const corrupt = (ref: ArtifactRef): DomainError =>
  new DomainError('integrity', `artifact ${ref.digest} is not what was stored`, {
    details: { digest: ref.digest },
  });

const tooLarge = (ref: ArtifactRef, size: number, maxBytes: number): DomainError =>
  new DomainError('payload_too_large', `artifact ${ref.digest} has ${size} bytes, more than ${maxBytes}`, {
    details: { digest: ref.digest, size, maxBytes },
  });
