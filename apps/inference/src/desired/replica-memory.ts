import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fromList, isDesired, type DesiredState } from './desired-state.js';

export interface Remembered {
  /** What was wanted. */
  desired: DesiredState;
  /** What was served, which is older where the wanted revision could not be loaded. */
  served: DesiredState;
}

/**
 * What a replica knows, on disk, so that it restarts and answers with every other service dead. Replaced as a whole: a
 * crash leaves the old file or the new one.
 */
export class ReplicaMemory {
  constructor(private readonly path: string) {}

  async save({ desired, served }: Remembered): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    const temporary = `${this.path}.${randomUUID()}.tmp`;
    try {
      const file = await open(temporary, 'wx');
      try {
        await file.writeFile(
          JSON.stringify({ format: 1, desired: [...desired.values()], served: [...served.values()] }),
        );
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** Undefined when there is nothing yet. @throws when there is something that can't be read. */
  async load(): Promise<Remembered | undefined> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    const { format, desired, served } = JSON.parse(text) as {
      format?: number;
      desired?: unknown[];
      served?: unknown[];
    };
    if (format !== 1 || !Array.isArray(desired) || !Array.isArray(served))
      throw new Error(`${this.path} is of an unknown format`);
    return { desired: fromList(desired.filter(isDesired)), served: fromList(served.filter(isDesired)) };
  }
}
