import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fromList, type DesiredEndpoint, type DesiredState } from './desired-state.js';

/**
 * The last desired state, on disk, so that a replica restarts and answers with every other service dead. Replaced as a
 * whole: a crash leaves the old file or the new one.
 */
export class DesiredFile {
  constructor(private readonly path: string) {}

  async save(state: DesiredState): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    const temporary = `${this.path}.${randomUUID()}.tmp`;
    try {
      const file = await open(temporary, 'wx');
      try {
        await file.writeFile(JSON.stringify({ format: 1, endpoints: [...state.values()] }));
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

  /** Undefined when there is none yet. @throws when there is one that can't be read. */
  async load(): Promise<DesiredState | undefined> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    const content = JSON.parse(text) as { format?: number; endpoints?: DesiredEndpoint[] };
    if (content.format !== 1 || !Array.isArray(content.endpoints))
      throw new Error(`${this.path} is of an unknown format`);
    return fromList(content.endpoints);
  }
}
