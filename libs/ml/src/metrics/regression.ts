import { checkLengths } from './check-lengths.js';

/** Root of the mean squared error. @throws MlError `no_rows`, `dimension_mismatch` */
export const rmse = (truth: ArrayLike<number>, predicted: ArrayLike<number>): number => {
  checkLengths(truth, predicted);
  let sum = 0;
  for (let row = 0; row < truth.length; row++) sum += (truth[row]! - predicted[row]!) ** 2;
  return Math.sqrt(sum / truth.length);
};

/** Mean absolute error. @throws MlError `no_rows`, `dimension_mismatch` */
export const mae = (truth: ArrayLike<number>, predicted: ArrayLike<number>): number => {
  checkLengths(truth, predicted);
  let sum = 0;
  for (let row = 0; row < truth.length; row++) sum += Math.abs(truth[row]! - predicted[row]!);
  return sum / truth.length;
};

/**
 * 1 − residual / total sum of squares. Of a constant truth: 1 when it is hit exactly, else 0 (as in scikit-learn).
 * @throws MlError `no_rows`, `dimension_mismatch`
 */
export const r2 = (truth: ArrayLike<number>, predicted: ArrayLike<number>): number => {
  checkLengths(truth, predicted);
  let mean = 0;
  for (let row = 0; row < truth.length; row++) mean += truth[row]! / truth.length;
  let residual = 0;
  let total = 0;
  for (let row = 0; row < truth.length; row++) {
    residual += (truth[row]! - predicted[row]!) ** 2;
    total += (truth[row]! - mean) ** 2;
  }
  if (total === 0) return residual === 0 ? 1 : 0;
  return 1 - residual / total;
};
