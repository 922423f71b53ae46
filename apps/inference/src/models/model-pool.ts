import type { ArtifactRef, ExecutionOptions } from '@millrace/contracts';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { LoadedModel } from './loaded-model.js';

interface Entry {
  model: Promise<LoadedModel>;
  loaded: boolean;
  users: number;
}

export interface ModelSource {
  load(artifact: ArtifactRef, options: ExecutionOptions | undefined): Promise<LoadedModel>;
  close(): void;
}

/**
 * Each model is in memory once for each way to execute it, however many endpoints and revisions use it, and for as long as
 * one does.
 */
export class ModelPool implements OnApplicationShutdown {
  private readonly entries = new Map<string, Entry>();
  private readonly keys = new WeakMap<LoadedModel, string>();

  constructor(private readonly source: ModelSource) {}

  /** Models in memory, or on their way. */
  get size(): number {
    return this.entries.size;
  }

  /** It is in memory, and can be acquired at once. */
  has(artifact: ArtifactRef, options?: ExecutionOptions): boolean {
    return this.entries.get(keyOf(artifact, options))?.loaded === true;
  }

  async acquire(artifact: ArtifactRef, options?: ExecutionOptions): Promise<LoadedModel> {
    const key = keyOf(artifact, options);
    const entry = this.entries.get(key) ?? {
      model: this.source.load(artifact, options),
      loaded: false,
      users: 0,
    };
    this.entries.set(key, entry);
    entry.users += 1;
    try {
      const model = await entry.model;
      entry.loaded = true;
      this.keys.set(model, key);
      return model;
    } catch (error) {
      if (this.entries.get(key) === entry) this.entries.delete(key);
      throw error;
    }
  }

  /** Closed with its last user, after it has answered what it accepted. */
  async release(model: LoadedModel): Promise<void> {
    const key = this.keys.get(model);
    const entry = key === undefined ? undefined : this.entries.get(key);
    if (!entry || --entry.users > 0) return;
    this.entries.delete(key!);
    await (await entry.model).close();
  }

  onApplicationShutdown(): void {
    this.source.close();
  }
}

const keyOf = ({ digest }: ArtifactRef, options: ExecutionOptions = {}): string =>
  JSON.stringify([digest, Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))]);
