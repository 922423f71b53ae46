import { MlError } from '../ml-error.js';
import { mostProbable } from '../estimators/logistic-regression.js';
import { auc, macroAuc } from './auc.js';
import { accuracy, logLoss } from './classification.js';
import { mae, r2, rmse } from './regression.js';

/**
 * `auc` (of class 1 against 0, or the mean over classes against the rest), `logLoss`, `accuracy`. There is no `auc`
 * where a class has no rows. @param probabilities rows × classes, row-major.
 * @throws MlError `no_rows`, `dimension_mismatch`
 */
export const scoreClassification = (
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
): Record<string, number> => {
  const scores: Record<string, number> = {
    logLoss: logLoss(truth, probabilities, classes),
    accuracy: accuracy(truth, mostProbable(probabilities, classes)),
  };
  const area = areaWhereDefined(truth, probabilities, classes);
  return area === undefined ? scores : { auc: area, ...scores };
};

/** `rmse`, `mae`, `r2`. @throws MlError `no_rows`, `dimension_mismatch` */
export const scoreRegression = (
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
): Record<string, number> => ({
  rmse: rmse(truth, predicted),
  mae: mae(truth, predicted),
  r2: r2(truth, predicted),
});

/** The share of each class: what one would predict without features. */
export const classShares = (y: ArrayLike<number>, classes: number): number[] => {
  const counts = new Float64Array(classes);
  for (let row = 0; row < y.length; row++) counts[y[row]!]! += 1;
  return [...counts.map((count) => count / y.length)];
};

const areaWhereDefined = (
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
): number | undefined => {
  try {
    if (classes > 2) return macroAuc(truth, probabilities, classes);
    return auc(
      truth,
      Float64Array.from({ length: truth.length }, (_, row) => probabilities[2 * row + 1]!),
    );
  } catch (error) {
    if (error instanceof MlError && error.code === 'single_class') return undefined;
    throw error;
  }
};
