import { MlError } from '../ml-error.js';
import { checkLengths } from './check-lengths.js';

/** Probabilities are kept this far from 0 and 1 (float64's epsilon, as scikit-learn does). */
const epsilon = Number.EPSILON;

/**
 * Mean of −log p(true class). @param probabilities rows × classes, row-major; rows are scaled to sum 1.
 * @throws MlError `no_rows`, `dimension_mismatch`
 */
export const logLoss = (
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
): number => {
  checkLengths(truth, probabilities, classes);
  let sum = 0;
  for (let row = 0; row < truth.length; row++) {
    let total = 0;
    for (let c = 0; c < classes; c++) total += probabilities[row * classes + c]!;
    const p = probabilities[row * classes + truth[row]!]! / total;
    sum -= Math.log(Math.min(1 - epsilon, Math.max(epsilon, p)));
  }
  return sum / truth.length;
};

/** Share of rows whose class is right. @throws MlError `no_rows`, `dimension_mismatch` */
export const accuracy = (truth: ArrayLike<number>, predicted: ArrayLike<number>): number => {
  checkLengths(truth, predicted);
  let right = 0;
  for (let row = 0; row < truth.length; row++) if (truth[row] === predicted[row]) right += 1;
  return right / truth.length;
};

/** `matrix[true][predicted]` = rows. @throws MlError `no_rows`, `dimension_mismatch`, `unknown_class` */
export const confusion = (
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): number[][] => {
  checkLengths(truth, predicted);
  const matrix = Array.from({ length: classes }, () => Array<number>(classes).fill(0));
  for (let row = 0; row < truth.length; row++) {
    const line = matrix[truth[row]!];
    if (line?.[predicted[row]!] === undefined) {
      throw new MlError('unknown_class', `row ${row} has a class that is not one of 0…${classes - 1}`, {
        row,
      });
    }
    line[predicted[row]!]! += 1;
  }
  return matrix;
};

export interface CalibrationBin {
  rows: number;
  /** Mean of the predicted probabilities in this bin. */
  predicted: number;
  /** Share of positives among its rows. */
  observed: number;
}

/** Equal-width bins of probability that hold any rows. @param truth 1 is positive. */
export const calibration = (
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  bins = 10,
): CalibrationBin[] => {
  checkLengths(truth, probabilities);
  const sums = Array.from({ length: bins }, () => ({ rows: 0, predicted: 0, observed: 0 }));
  for (let row = 0; row < truth.length; row++) {
    const p = probabilities[row]!;
    const bin = sums[Math.min(bins - 1, Math.max(0, Math.ceil(p * bins) - 1))]!;
    bin.rows += 1;
    bin.predicted += p;
    if (truth[row] === 1) bin.observed += 1;
  }
  return sums
    .filter(({ rows }) => rows > 0)
    .map(({ rows, predicted, observed }) => ({
      rows,
      predicted: predicted / rows,
      observed: observed / rows,
    }));
};
