import { rank, requireBothClasses } from './ranking.js';

export interface RocCurve {
  falsePositiveRate: number[];
  truePositiveRate: number[];
  /** A row is positive when its score is at least this; the first is +Infinity. */
  thresholds: number[];
}

/** All points, from (0, 0) to (1, 1), by falling threshold. @throws MlError `single_class` */
export const rocCurve = (truth: ArrayLike<number>, scores: ArrayLike<number>): RocCurve => {
  const ranking = rank(truth, scores);
  requireBothClasses(ranking);
  return {
    falsePositiveRate: [0, ...ranking.falsePositives.map((n) => n / ranking.negatives)],
    truePositiveRate: [0, ...ranking.truePositives.map((n) => n / ranking.positives)],
    thresholds: [Infinity, ...ranking.thresholds],
  };
};

export interface PrCurve {
  precision: number[];
  recall: number[];
  /** One fewer than the points: the last point (precision 1, recall 0) has none. */
  thresholds: number[];
}

/** By rising threshold, ending in precision 1 at recall 0, as in scikit-learn. @throws MlError `single_class` */
export const prCurve = (truth: ArrayLike<number>, scores: ArrayLike<number>): PrCurve => {
  const ranking = rank(truth, scores);
  requireBothClasses(ranking);
  const { truePositives, falsePositives, positives } = ranking;
  const precision = truePositives.map((n, i) => n / (n + falsePositives[i]!));
  const recall = truePositives.map((n) => n / positives);
  return {
    precision: [...precision.reverse(), 1],
    recall: [...recall.reverse(), 0],
    thresholds: [...ranking.thresholds.reverse()],
  };
};

/** At most `max` indices of 0…n−1, evenly spread, with both ends. */
export const thinned = (n: number, max: number): number[] =>
  n <= max
    ? Array.from({ length: n }, (_, i) => i)
    : Array.from({ length: max }, (_, i) => Math.round((i * (n - 1)) / (max - 1)));
