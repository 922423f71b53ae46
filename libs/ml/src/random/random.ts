/** A seeded stream of random numbers: the same on every machine. */
export interface Random {
  /** [0, 1) with 53 bits. */
  next(): number;
  /** An integer in [0, bound). */
  below(bound: number): number;
}

/** sfc32 (PractRand), seeded through SplitMix32. */
export const random = (seed: number): Random => {
  let mix = seed | 0;
  const word = () => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix ^ (mix >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) | 0;
  };
  let [a, b, c, counter] = [word(), word(), word(), 1];
  const uint32 = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) uint32();
  const next = () => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992;
  return { next, below: (bound) => Math.floor(next() * bound) };
};

/** 0…n−1 in random order (Fisher and Yates). */
export const permutation = (n: number, source: Random): Uint32Array => {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = source.below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
};
