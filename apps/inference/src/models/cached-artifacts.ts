import type { ArtifactStore } from '@millrace/artifacts';
import type { ArtifactRef } from '@millrace/contracts';
import type { Logger } from '@millrace/observability';

/**
 * Artifacts by way of a copy of our own, so that a model which was loaded once can be loaded again with the artifact store
 * away. A copy that is broken is as good as none.
 */
export class CachedArtifacts implements Pick<ArtifactStore, 'get' | 'getJson'> {
  constructor(
    private readonly store: ArtifactStore,
    private readonly cache: ArtifactStore,
    private readonly logger: Logger,
  ) {}

  async get(ref: ArtifactRef): Promise<Buffer> {
    const cached = await this.cached(ref);
    if (cached) return cached;
    const bytes = await this.store.get(ref);
    try {
      await this.cache.put(bytes, { type: ref.type, ...(ref.mediaType ? { mediaType: ref.mediaType } : {}) });
    } catch (err) {
      this.logger.warn({ err, digest: ref.digest }, 'not kept: a restart will need the artifact store');
    }
    return bytes;
  }

  async getJson<T>(ref: ArtifactRef): Promise<T> {
    return JSON.parse((await this.get(ref)).toString('utf8')) as T;
  }

  private async cached(ref: ArtifactRef): Promise<Buffer | undefined> {
    if (!(await this.cache.has(ref.digest))) return undefined;
    try {
      return await this.cache.get(ref);
    } catch (err) {
      this.logger.warn({ err, digest: ref.digest }, 'the kept copy is broken; asking the artifact store');
      return undefined;
    }
  }
}
