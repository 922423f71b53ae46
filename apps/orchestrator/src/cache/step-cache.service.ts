import { ARTIFACT_STORE, type ArtifactStore } from '@millrace/artifacts';
import type { ArtifactRef } from '@millrace/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import type { CachedResult } from '../runs/decide/event.js';
import { artifactsIn } from './artifacts-in.js';
import { CacheEntry } from './cache-entry.entity.js';

export interface CacheAnswer {
  hit?: CachedResult;
  /** When the hit was made, in epoch milliseconds. */
  keptAt?: number;
  /** For the run's log. */
  reason: string;
}

/** Larger ones are only checked to be there. */
const maxManifestBytes = 4 * 1024 * 1024;
const chunk = 500;

/** Results of earlier steps, given out only while everything that they consist of is there. */
@Injectable()
export class StepCache {
  constructor(
    @InjectRepository(CacheEntry) private readonly entries: Repository<CacheEntry>,
    @Inject(ARTIFACT_STORE) private readonly artifacts: ArtifactStore,
  ) {}

  /** Never fails: a cache that can't be asked is a miss, and says why. */
  async lookUp(keys: readonly string[]): Promise<Map<string, CacheAnswer>> {
    const wanted = [...new Set(keys)];
    const failed = (error: unknown): CacheAnswer => ({
      reason: `the cache could not be asked: ${String(error)}`,
    });
    try {
      const entries = await this.#find(wanted);
      const answers = wanted.map(
        async (key) => [key, await this.#answer(entries.get(key)).catch(failed)] as const,
      );
      return new Map(await Promise.all(answers));
    } catch (error) {
      return new Map(wanted.map((key) => [key, failed(error)]));
    }
  }

  async #find(keys: readonly string[]): Promise<Map<string, CacheEntry>> {
    const entries = new Map<string, CacheEntry>();
    for (let i = 0; i < keys.length; i += chunk)
      for (const entry of await this.entries.findBy({ key: In(keys.slice(i, i + chunk)) }))
        entries.set(entry.key, entry);
    return entries;
  }

  async #answer(entry: CacheEntry | undefined): Promise<CacheAnswer> {
    if (!entry)
      return {
        reason: 'nothing with this component version, these params and these inputs has succeeded yet',
      };
    const { run, step, outputs, metrics, createdAt } = entry;
    const by = `step '${step}' of run ${run}`;
    const missing = await this.#findMissing(artifactsIn(outputs));
    return missing
      ? { reason: `${by} did the same, but of what it gave ${missing.type} ${missing.digest} is gone` }
      : { hit: { outputs, metrics }, keptAt: createdAt, reason: `${by} did the same` };
  }

  /** The first artifact that isn't there, looking into manifests for the files that they list. */
  async #findMissing(refs: ArtifactRef[]): Promise<ArtifactRef | undefined> {
    for (const ref of refs) {
      if (!(await this.artifacts.has(ref.digest))) return ref;
      if (!ref.mediaType?.endsWith('+json') || ref.size > maxManifestBytes) continue;
      const manifest = await this.artifacts
        .getJson<unknown>(ref, { maxBytes: maxManifestBytes })
        .catch(() => undefined);
      if (manifest === undefined) return ref;
      const missing = await this.#findMissing(artifactsIn(manifest));
      if (missing) return missing;
    }
    return undefined;
  }
}
