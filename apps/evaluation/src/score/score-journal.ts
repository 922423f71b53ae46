import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '@millrace/artifacts';
import { isArtifactRef, type ArtifactRef, type ColumnSchema, type JsonValue } from '@millrace/contracts';

/** A part of the result, in the store already. */
export interface ScoredPart {
  artifact: ArtifactRef;
  rows: number;
  columns: ColumnSchema[];
}

/**
 * What was written of a result that is not whole yet, so that whoever begins again goes on behind it. Kept per job: the
 * same inputs, params and version give the same parts, so it does not matter which attempt wrote them.
 */
export class ScoreJournal {
  private readonly path: string;

  constructor(
    private readonly directory: string,
    job: JsonValue,
  ) {
    this.path = join(directory, `${createHash('sha256').update(JSON.stringify(job)).digest('hex')}.json`);
  }

  /**
   * The parts that are there, from the first; none where the file is torn or of something else.
   * @param wanted rows of each part
   */
  async read(store: Pick<ArtifactStore, 'path'>, wanted: readonly number[]): Promise<ScoredPart[]> {
    const parts = await readFile(this.path, 'utf8')
      .then(
        (text) => JSON.parse(text) as unknown,
        () => [],
      )
      .catch(() => []);
    const whole: ScoredPart[] = [];
    for (const part of Array.isArray(parts) ? (parts as Partial<ScoredPart>[]) : []) {
      if (!isArtifactRef(part?.artifact) || part.rows !== wanted[whole.length]) break;
      if (!Array.isArray(part.columns)) break;
      const there = await store.path(part.artifact).then(
        () => true,
        () => false,
      );
      if (!there) break;
      whole.push(part as ScoredPart);
    }
    return whole;
  }

  /** Whole or not at all, and still there after a power cut. */
  async write(parts: readonly ScoredPart[]): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    const temporary = `${this.path}.${crypto.randomUUID()}`;
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(JSON.stringify(parts));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.path);
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }
}
