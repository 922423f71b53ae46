import { rank, requireBothClasses } from './ranking.js';

/**
 * Area under the ROC curve; equal scores count half. @param truth 1 is positive.
 * @throws MlError `single_class`, `not_finite`, `no_rows`, `dimension_mismatch`
 */
export const auc = (truth: ArrayLike<number>, scores: ArrayLike<number>): number => {
  const ranking = rank(truth, scores);
  requireBothClasses(ranking);
  const { truePositives, falsePositives, positives, negatives } = ranking;
  let area = 0;
  for (let i = 0; i < truePositives.length; i++) {
    const width = falsePositives[i]! - (falsePositives[i - 1] ?? 0);
    area += (width * (truePositives[i]! + (truePositives[i - 1] ?? 0))) / 2;
  }
  return area / (positives * negatives);
};

/**
 * Mean of each class's AUC against the rest, unweighted. @param probabilities rows × classes, row-major.
 * @throws MlError `single_class` when a class has no rows.
 */
export const macroAuc = (
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
): number => {
  let sum = 0;
  for (let c = 0; c < classes; c++) {
    const isClass = Uint8Array.from({ length: truth.length }, (_, row) => (truth[row] === c ? 1 : 0));
    sum += auc(
      isClass,
      Float64Array.from(isClass, (_, row) => probabilities[row * classes + c]!),
    );
  }
  return sum / classes;
};

/** Σ (Rₙ − Rₙ₋₁)·Pₙ over falling thresholds. @throws MlError `single_class` */
export const averagePrecision = (truth: ArrayLike<number>, scores: ArrayLike<number>): number => {
  const ranking = rank(truth, scores);
  requireBothClasses(ranking);
  const { truePositives, falsePositives, positives } = ranking;
  let sum = 0;
  for (let i = 0; i < truePositives.length; i++) {
    const found = truePositives[i]! - (truePositives[i - 1] ?? 0);
    sum += (found / positives) * (truePositives[i]! / (truePositives[i]! + falsePositives[i]!));
  }
  return sum;
};
