import type { ArtifactRef, ArtifactType } from '@millrace/contracts';

export interface PutOptions {
  type: ArtifactType;
  /** For JSON of a known type the default is that type's media type. */
  mediaType?: string;
}

export interface TemporaryPath extends AsyncDisposable {
  /** In the store's own file system, so that `putFile` moves it instead of copying. Nothing is there yet. */
  readonly path: string;
}

/**
 * Immutable bytes under the digest of their content. Storing the same content twice stores it once. Errors are
 * DomainErrors: `not_found`, `integrity` (the bytes are not what the reference says), `payload_too_large`,
 * `storage_full` (nothing was stored; retryable), `invalid_request` (a malformed reference).
 */
export interface ArtifactStore {
  /** Durable when it resolves. A crash in the middle leaves nothing under the digest. */
  put(bytes: Uint8Array | string, o: PutOptions): Promise<ArtifactRef>;
  /** Canonical JSON, so that equal content has an equal digest whatever the order of its keys. */
  putJson(value: object, o: PutOptions): Promise<ArtifactRef>;
  /** Streams. A path from `temporary()` is moved in (and is gone), any other file is copied. */
  putFile(path: string, o: PutOptions): Promise<ArtifactRef>;
  /** @param o.maxBytes default 1 GiB */
  get(ref: ArtifactRef, o?: { maxBytes?: number }): Promise<Buffer>;
  /** @param o.maxBytes default 256 MiB */
  getJson<T>(ref: ArtifactRef, o?: { maxBytes?: number }): Promise<T>;
  /**
   * A local file for engines that read files themselves; not to be written to. Its digest is checked the first time,
   * and again when its size or time of change is another.
   */
  path(ref: ArtifactRef): Promise<string>;
  /** Is there something under this digest? Says nothing about its integrity. */
  has(digest: string): Promise<boolean>;
  /** A place for work in progress; whatever is there is removed on disposal. @param suffix e.g. `.parquet` */
  temporary(suffix?: string): Promise<TemporaryPath>;
}
