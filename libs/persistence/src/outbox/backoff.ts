const firstMs = 100;
const maxMs = 10_000;

/** Doubling from 100 ms to 10 s, each ± 20 %, so that replicas don't come back together. @param attempt from 1 */
export const backoffMs = (attempt: number, random: () => number = Math.random): number =>
  Math.round(Math.min(firstMs * 2 ** (attempt - 1), maxMs) * (0.8 + 0.4 * random()));
