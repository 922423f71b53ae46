import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DomainError, InvalidRequest } from '@millrace/contracts';
import type { ArtifactStore } from './artifact-store.js';
import { FileArtifactStore } from './file/file-artifact-store.js';

/**
 * Opens the store at `file:///absolute/directory` or at a path. Nothing is touched until it is used. Several processes
 * may share one directory.
 */
export const openArtifactStore = (url: string): ArtifactStore => {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(url)?.[1]?.toLowerCase();
  if (url.trim() === '') throw new InvalidRequest([{ field: 'url', message: 'must not be empty' }]);
  if (scheme === undefined) return new FileArtifactStore(resolve(url));
  if (scheme === 'file') return new FileArtifactStore(fileURLToPath(url));
  throw new DomainError(
    'unsupported',
    `artifacts are kept in files (file:///directory); '${scheme}:' is not supported`,
  );
};
