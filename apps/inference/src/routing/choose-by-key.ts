/** 32 bits of a text: FNV-1a over its UTF-16 code units, then mixed. */
export const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash);
};

/** The finalizer of MurmurHash3: every bit of the input changes half of the bits of the output. */
const mix = (hash: number): number => {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

export interface KeyedChoice {
  weight: number;
  /** `hashOf` what the choice is called, whatever its weight. */
  seed: number;
}

/**
 * The same choice for the same key, each with its share of the keys, and no key that changes its choice when weights change
 * without need: weighted rendezvous hashing (Schindelhauer, Schomaker, SPAA 2005, the logarithmic method).
 */
export const chooseByKey = <T extends KeyedChoice>(choices: readonly T[], key: string): T => {
  const hash = hashOf(key);
  let best = choices[0]!;
  let bestScore = -1;
  for (const choice of choices) {
    // Uniform in (0, 1), independent for each choice.
    const u = (mix(hash ^ choice.seed) + 0.5) / 2 ** 32;
    const score = choice.weight / -Math.log(u);
    if (score > bestScore) [best, bestScore] = [choice, score];
  }
  return best;
};
