import type { FeatureMatrix } from '../matrix/feature-matrix.js';
import { multiply, multiplySquaredTransposed, multiplyTransposed } from '../matrix/products.js';

/** log(1 + eˣ) without overflow. */
export const softplus = (x: number): number =>
  x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));

export const sigmoid = (x: number): number => {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
};

/** Turns a row of k scores into probabilities in place; returns log Σ eˢ. */
export const softmaxInPlace = (scores: Float64Array, from: number, k: number): number => {
  let largest = -Infinity;
  for (let c = 0; c < k; c++) largest = Math.max(largest, scores[from + c]!);
  let sum = 0;
  for (let c = 0; c < k; c++) sum += scores[from + c] = Math.exp(scores[from + c]! - largest);
  for (let c = 0; c < k; c++) scores[from + c]! /= sum;
  return largest + Math.log(sum);
};

/** A twice differentiable function of a parameter vector, as Newton's method wants it. */
export interface Objective {
  readonly size: number;
  /** Its value; keeps what `gradient` and `curvature` at the same point need. */
  value(parameters: Float64Array): number;
  gradient(out: Float64Array): void;
  /** Hessian times a vector, at the point of the last `value`. */
  curvature(direction: Float64Array, out: Float64Array): void;
  /** Diagonal of that Hessian. */
  diagonal(out: Float64Array): void;
}

/**
 * (Σ loss + l2/2·‖W‖²) / rows for class indices `y`. Parameters are the coefficients (features × k, row-major) and
 * then k intercepts, which are not penalised; k is 1 for two classes.
 */
export const logisticLoss = (
  X: FeatureMatrix,
  y: ArrayLike<number>,
  classes: number,
  l2: number,
): Objective => {
  const { rows, columns } = X;
  const k = classes === 2 ? 1 : classes;
  const weightCount = columns * k;
  /** Scores, then probabilities. */
  const probabilities = new Float64Array(rows * k);
  const work = new Float64Array(rows * k);
  let point = new Float64Array(weightCount + k);

  const finish = (perRow: Float64Array, of: Float64Array | null, out: Float64Array, penalty: number) => {
    multiplyTransposed(X, perRow, k, out.subarray(0, weightCount));
    const sums = out.subarray(weightCount).fill(0);
    for (let i = 0; i < perRow.length; i++) sums[i % k]! += perRow[i]!;
    for (let i = 0; i < out.length; i++) {
      out[i] = (out[i]! + (i < weightCount ? penalty * (of?.[i] ?? 1) : 0)) / rows;
    }
  };

  return {
    size: weightCount + k,
    value(parameters) {
      point = parameters.slice();
      multiply(X, point.subarray(0, weightCount), point.subarray(weightCount), probabilities);
      let loss = 0;
      for (let row = 0; row < rows; row++) {
        if (k === 1) {
          const score = probabilities[row]!;
          loss += softplus(y[row] === 1 ? -score : score);
          probabilities[row] = sigmoid(score);
        } else {
          const score = probabilities[row * k + y[row]!]!;
          loss += softmaxInPlace(probabilities, row * k, k) - score;
        }
      }
      let squares = 0;
      for (let i = 0; i < weightCount; i++) squares += point[i]! * point[i]!;
      return (loss + (l2 / 2) * squares) / rows;
    },
    gradient(out) {
      work.set(probabilities);
      if (k === 1) for (let row = 0; row < rows; row++) work[row]! -= y[row]!;
      else for (let row = 0; row < rows; row++) work[row * k + y[row]!]! -= 1;
      finish(work, point, out, l2);
    },
    curvature(direction, out) {
      multiply(X, direction.subarray(0, weightCount), direction.subarray(weightCount), work);
      for (let row = 0; row < rows; row++) {
        if (k === 1) {
          const p = probabilities[row]!;
          work[row]! *= p * (1 - p);
          continue;
        }
        let mean = 0;
        for (let i = row * k; i < row * k + k; i++) mean += probabilities[i]! * work[i]!;
        for (let i = row * k; i < row * k + k; i++) work[i] = probabilities[i]! * (work[i]! - mean);
      }
      finish(work, direction, out, l2);
    },
    diagonal(out) {
      for (let i = 0; i < work.length; i++) work[i] = probabilities[i]! * (1 - probabilities[i]!);
      multiplySquaredTransposed(X, work, k, out.subarray(0, weightCount));
      const sums = out.subarray(weightCount).fill(0);
      for (let i = 0; i < work.length; i++) sums[i % k]! += work[i]!;
      for (let i = 0; i < out.length; i++) out[i] = (out[i]! + (i < weightCount ? l2 : 0)) / rows;
    },
  };
};
