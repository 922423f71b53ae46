import { MlError } from '../ml-error.js';
import { checkLengths } from './check-lengths.js';

/** Counts of true and false positives at each distinct score, highest first. */
export interface Ranking {
  thresholds: Float64Array;
  truePositives: Float64Array;
  falsePositives: Float64Array;
  positives: number;
  negatives: number;
}

/** @param truth 1 is positive, anything else negative. @throws MlError `not_finite`, `no_rows`, `dimension_mismatch` */
export const rank = (truth: ArrayLike<number>, scores: ArrayLike<number>): Ranking => {
  checkLengths(truth, scores);
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i);
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i])) throw new MlError('not_finite', `the score of row ${i} is NaN`, { row: i });
  }
  order.sort((a, b) => scores[b]! - scores[a]!);
  const thresholds: number[] = [];
  const truePositives: number[] = [];
  const falsePositives: number[] = [];
  let positives = 0;
  order.forEach((row, i) => {
    if (truth[row] === 1) positives += 1;
    if (i + 1 < order.length && scores[order[i + 1]!] === scores[row]) return;
    thresholds.push(scores[row]!);
    truePositives.push(positives);
    falsePositives.push(i + 1 - positives);
  });
  return {
    thresholds: Float64Array.from(thresholds),
    truePositives: Float64Array.from(truePositives),
    falsePositives: Float64Array.from(falsePositives),
    positives,
    negatives: truth.length - positives,
  };
};

/** @throws MlError `single_class` */
export const requireBothClasses = ({ positives, negatives }: Ranking): void => {
  if (positives === 0 || negatives === 0) {
    throw new MlError('single_class', 'a ranking metric needs rows of both classes');
  }
};
