import type { FeatureBlock, FeatureMatrix } from '../matrix/feature-matrix.js';

/** Means of all features. */
export const featureMeans = (X: FeatureMatrix): Float64Array => {
  const means = new Float64Array(X.columns);
  for (const block of X.blocks) {
    for (let row = 0; row < X.rows; row++) {
      if (block.kind === 'oneHot') {
        const category = block.index[row]!;
        if (category < block.width) means[block.offset + category]! += 1;
      } else {
        for (let j = 0; j < block.width; j++)
          means[block.offset + j]! += block.values[row * block.width + j]!;
      }
    }
  }
  return means.map((sum) => sum / X.rows);
};

/** Calls `add(feature, value)` for the row's features that are not zero; dense ones centred, one-hot ones not. */
const eachFeature = (
  block: FeatureBlock,
  row: number,
  means: Float64Array,
  add: (feature: number, value: number) => void,
): void => {
  if (block.kind === 'oneHot') {
    const category = block.index[row]!;
    if (category < block.width) add(block.offset + category, 1);
    return;
  }
  for (let j = 0; j < block.width; j++) {
    add(block.offset + j, block.values[row * block.width + j]! - means[block.offset + j]!);
  }
};

/**
 * The centred normal equations: lower triangle of (X − μ)ᵀ(X − μ), row-major d × d, and (X − μ)ᵀ(y − ȳ). Dense features
 * are centred before they are multiplied, so that a large mean does not cancel the digits away.
 */
export const centredGram = (
  X: FeatureMatrix,
  y: ArrayLike<number>,
  means: Float64Array,
  yMean: number,
  onRow: (row: number) => void,
): { gram: Float64Array; moments: Float64Array } => {
  const d = X.columns;
  const gram = new Float64Array(d * d);
  const moments = new Float64Array(d);
  const features = new Int32Array(d);
  const values = new Float64Array(d);
  for (let row = 0; row < X.rows; row++) {
    onRow(row);
    let n = 0;
    for (const block of X.blocks) {
      eachFeature(block, row, means, (feature, value) => {
        features[n] = feature;
        values[n++] = value;
      });
    }
    const target = y[row]! - yMean;
    for (let a = 0; a < n; a++) {
      const value = values[a]!;
      const to = features[a]! * d;
      moments[features[a]!]! += value * target;
      for (let b = 0; b <= a; b++) gram[to + features[b]!]! += value * values[b]!;
    }
  }
  // What centring takes off the products of two one-hot features; all others are centred already.
  const oneHot = X.blocks.filter((block) => block.kind === 'oneHot');
  for (const block of oneHot) {
    for (const other of oneHot) {
      if (other.offset > block.offset) continue;
      for (let i = block.offset; i < block.offset + block.width; i++) {
        const last = Math.min(i, other.offset + other.width - 1);
        for (let j = other.offset; j <= last; j++) gram[i * d + j]! -= X.rows * means[i]! * means[j]!;
      }
    }
  }
  return { gram, moments };
};
