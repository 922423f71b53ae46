import type { ArtifactRef } from '@millrace/contracts';
import type { LoadedModel } from './loaded-model.js';

interface Entry {
  model: Promise<LoadedModel>;
  loaded: boolean;
  users: number;
}

/** Each model is in memory once, however many endpoints and revisions use it, and for as long as one does. */
export class ModelPool {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly load: (artifact: ArtifactRef) => Promise<LoadedModel>) {}

  /** Models in memory, or on their way. */
  get size(): number {
    return this.entries.size;
  }

  /** It is in memory, and can be acquired at once. */
  has({ digest }: Pick<ArtifactRef, 'digest'>): boolean {
    return this.entries.get(digest)?.loaded === true;
  }

  async acquire(artifact: ArtifactRef): Promise<LoadedModel> {
    const { digest } = artifact;
    const entry = this.entries.get(digest) ?? { model: this.load(artifact), loaded: false, users: 0 };
    this.entries.set(digest, entry);
    entry.users += 1;
    try {
      const model = await entry.model;
      entry.loaded = true;
      return model;
    } catch (error) {
      if (this.entries.get(digest) === entry) this.entries.delete(digest);
      throw error;
    }
  }

  /** Closed with its last user, after it has answered what it accepted. */
  async release({ artifact: { digest } }: LoadedModel): Promise<void> {
    const entry = this.entries.get(digest);
    if (!entry || --entry.users > 0) return;
    this.entries.delete(digest);
    await (await entry.model).close();
  }
}
