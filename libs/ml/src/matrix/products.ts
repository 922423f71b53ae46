import type { DenseBlock, FeatureMatrix, OneHotBlock } from './feature-matrix.js';

/** Adds X·W for one block. `weights` is features × k, `out` rows × k, both row-major. */
const addDense = (block: DenseBlock, rows: number, weights: Float64Array, k: number, out: Float64Array) => {
  const { width, offset, values } = block;
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < width; j++) {
      const x = values[row * width + j]!;
      if (x === 0) continue;
      for (let c = 0; c < k; c++) out[row * k + c]! += x * weights[(offset + j) * k + c]!;
    }
  }
};

const addOneHot = (block: OneHotBlock, rows: number, weights: Float64Array, k: number, out: Float64Array) => {
  const { width, offset, index } = block;
  for (let row = 0; row < rows; row++) {
    const category = index[row]!;
    if (category >= width) continue;
    for (let c = 0; c < k; c++) out[row * k + c]! += weights[(offset + category) * k + c]!;
  }
};

/** out = X·W + b, accumulated in float64. `weights` is features × k, `out` rows × k, both row-major. */
export const multiply = (
  X: FeatureMatrix,
  weights: Float64Array,
  intercepts: Float64Array,
  out: Float64Array,
): void => {
  const k = intercepts.length;
  for (let row = 0; row < X.rows; row++) for (let c = 0; c < k; c++) out[row * k + c] = intercepts[c]!;
  for (const block of X.blocks) {
    if (block.kind === 'dense') addDense(block, X.rows, weights, k, out);
    else addOneHot(block, X.rows, weights, k, out);
  }
};

/** out = Xᵀ·R: features × k from rows × k, accumulated in float64. */
export const multiplyTransposed = (
  X: FeatureMatrix,
  residuals: Float64Array,
  k: number,
  out: Float64Array,
): void => sumOverRows(X, residuals, k, out, false);

/** out = (X∘X)ᵀ·R, for diagonals of Hessians. */
export const multiplySquaredTransposed = (
  X: FeatureMatrix,
  residuals: Float64Array,
  k: number,
  out: Float64Array,
): void => sumOverRows(X, residuals, k, out, true);

const sumOverRows = (
  X: FeatureMatrix,
  residuals: Float64Array,
  k: number,
  out: Float64Array,
  squared: boolean,
): void => {
  out.fill(0);
  for (const block of X.blocks) {
    if (block.kind === 'dense') sumDense(block, X.rows, residuals, k, out, squared);
    else sumOneHot(block, X.rows, residuals, k, out);
  }
};

const sumDense = (
  block: DenseBlock,
  rows: number,
  residuals: Float64Array,
  k: number,
  out: Float64Array,
  squared: boolean,
): void => {
  const { width, offset, values } = block;
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < width; j++) {
      const x = values[row * width + j]!;
      if (x === 0) continue;
      const factor = squared ? x * x : x;
      const to = (offset + j) * k;
      for (let c = 0; c < k; c++) out[to + c]! += factor * residuals[row * k + c]!;
    }
  }
};

const sumOneHot = (
  block: OneHotBlock,
  rows: number,
  residuals: Float64Array,
  k: number,
  out: Float64Array,
): void => {
  const { width, offset, index } = block;
  for (let row = 0; row < rows; row++) {
    const category = index[row]!;
    if (category >= width) continue;
    for (let c = 0; c < k; c++) out[(offset + category) * k + c]! += residuals[row * k + c]!;
  }
};
