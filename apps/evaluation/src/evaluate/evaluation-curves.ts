import type { JsonValue } from '@millrace/contracts';
import { calibration, confusion, mostProbable, prCurve, rocCurve, thinned } from '@millrace/ml';

const mostPoints = 200;

/** The same points of each list. */
const points = (lists: Record<string, number[]>): JsonValue => {
  const length = Math.min(...Object.values(lists).map((list) => list.length));
  const kept = thinned(length, mostPoints);
  const finite = (x: number) => (Number.isFinite(x) ? x : null);
  return Object.fromEntries(
    Object.entries(lists).map(([name, list]) => [name, kept.map((i) => finite(list[i]!))]),
  );
};

/** Of one class against the rest; null where it, or the rest, has no rows. */
const curvesOfClass = (truth: Int32Array, scores: Float64Array, index: number): JsonValue => {
  const positive = Uint8Array.from(truth, (y) => (y === index ? 1 : 0));
  const count = positive.reduce((sum, y) => sum + y, 0);
  if (count === 0 || count === positive.length) return null;
  const roc = rocCurve(positive, scores);
  const pr = prCurve(positive, scores);
  return {
    roc: points({ ...roc }),
    // The last point of the PR curve has no threshold.
    pr: points({ precision: pr.precision, recall: pr.recall, thresholds: [...pr.thresholds, Infinity] }),
    calibration: calibration(positive, scores).map((bin) => ({ ...bin })),
  };
};

/** More classes than this have no curves of their own. */
const mostClasses = 20;

/**
 * Confusion matrix, and per class ROC, PR and calibration curves of at most 200 points, as data. Two classes share one
 * set of curves, of the second.
 * @param probabilities rows × classes, row-major
 */
export const classificationCurves = (
  truth: Int32Array,
  probabilities: Float32Array,
  classes: (string | number | boolean)[],
): { [name: string]: JsonValue } => {
  const k = classes.length;
  const shown = k === 2 ? [1] : classes.map((_, index) => index).slice(0, mostClasses);
  const scoresOf = (index: number) => Float64Array.from(truth, (_, row) => probabilities[row * k + index]!);
  return {
    classes,
    ...(k > 100 ? {} : { confusion: confusion(truth, mostProbable(probabilities, k), k) }),
    curves: shown.map((index) => ({
      class: classes[index]!,
      curves: curvesOfClass(truth, scoresOf(index), index),
    })),
  };
};
