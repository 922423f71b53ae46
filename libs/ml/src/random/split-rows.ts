import { permutation, random } from './random.js';

/** Row indices of two disjoint parts that together are 0…n−1, each ascending. */
export interface RowSplit {
  train: Uint32Array;
  test: Uint32Array;
}

/** A random split with round(n · testFraction) test rows. */
export const splitRows = (n: number, testFraction: number, seed: number): RowSplit => {
  const order = permutation(n, random(seed));
  const held = Math.round(n * testFraction);
  return { test: order.slice(0, held).sort(), train: order.slice(held).sort() };
};
