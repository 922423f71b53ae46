import { createHash, randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '../random/random.js';
import { filesIn, flipBit } from './flip-bit.js';

const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export interface Spoiling {
  /** Of the artifact store. */
  directory: string;
  random: Random;
  /** For how long. */
  ms: number;
  calm: AbortSignal;
  /** Told before it is done. */
  onSpoil(digest: string): void;
}

/** A bit in each of a third of all artifacts is wrong for a while; then somebody puts back what was there. */
export const spoilArtifacts = async ({ directory, random, ms, calm, onSpoil }: Spoiling): Promise<void> => {
  const root = join(directory, 'sha256');
  const spoiled: { path: string; bytes: Buffer }[] = [];
  for (const path of (await filesIn(root)).filter(() => random.chance(1 / 3))) {
    const digest = `sha256:${basename(dirname(path))}${basename(path)}`;
    const bytes = await readFile(path);
    onSpoil(digest);
    await flipBit(path, random);
    spoiled.push({ path, bytes });
  }
  await wait(ms, undefined, { signal: calm }).catch(() => undefined);
  for (const { path, bytes } of spoiled) {
    // Perhaps it was stored again meanwhile, which mends it, too.
    if (digestOf(await readFile(path)) === digestOf(bytes)) continue;
    const whole = join(directory, `${randomUUID()}.mended`);
    await writeFile(whole, bytes, { mode: 0o444 });
    await rename(whole, path);
  }
};
