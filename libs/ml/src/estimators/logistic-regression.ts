import type { FeatureMatrix } from '../matrix/feature-matrix.js';
import { multiply } from '../matrix/products.js';
import { MlError } from '../ml-error.js';
import { checkTraining } from './check-training.js';
import type { Fit, FitOptions, LogisticModel } from './estimator.js';
import { logisticLoss, sigmoid, softmaxInPlace } from './logistic-loss.js';
import { newtonCg } from './newton-cg.js';

/** Rows × class scores, of which two float64 tables are kept: 1.6 GB. */
const maxScores = 1e8;

/**
 * L2-penalised logistic regression to convergence, binary or multinomial: the minimum of Σ loss + l2/2·‖w‖² with free
 * intercepts, which is scikit-learn's `LogisticRegression(C=1/l2)`. Same data, same result: nothing is random.
 * @param y class indices 0…classes−1
 * @throws MlError `no_rows`, `dimension_mismatch`, `missing_label`, `single_class`, `too_many_classes`, `not_finite`, `invalid_option`, `aborted`
 */
export const fitLogisticRegression = (
  X: FeatureMatrix,
  y: ArrayLike<number>,
  options: FitOptions & { classes?: number } = {},
): Fit<LogisticModel> => {
  checkTraining(X, y, options);
  const { l2 = 1, classes = countClasses(y) } = options;
  checkClasses(y, classes);
  const k = classes === 2 ? 1 : classes;
  if (X.rows * k > maxScores) {
    throw new MlError(
      'too_many_classes',
      `${k} scores for each of ${X.rows} rows are more than ${maxScores}`,
    );
  }
  const { parameters, ...record } = newtonCg(logisticLoss(X, y, classes, l2), options);
  const intercepts = parameters.slice(X.columns * k);
  // Multinomial intercepts are free up to a common constant: fix it so that they sum to zero.
  const mean = k === 1 ? 0 : intercepts.reduce((sum, b) => sum + b, 0) / k;
  return {
    model: {
      kind: 'logistic',
      classes,
      features: X.columns,
      coefficients: parameters.slice(0, X.columns * k),
      intercepts: intercepts.map((b) => b - mean),
    },
    ...record,
  };
};

/** Class scores, rows × (1 | classes), row-major. @throws MlError `dimension_mismatch` */
export const decisionFunction = (model: LogisticModel, X: FeatureMatrix): Float64Array => {
  if (X.columns !== model.features) {
    throw new MlError('dimension_mismatch', `${X.columns} features for a model of ${model.features}`);
  }
  const scores = new Float64Array(X.rows * model.intercepts.length);
  multiply(X, model.coefficients, model.intercepts, scores);
  return scores;
};

/** Probabilities, rows × classes, row-major; rows sum to 1. @throws MlError `dimension_mismatch` */
export const predictProbabilities = (model: LogisticModel, X: FeatureMatrix): Float64Array => {
  const scores = decisionFunction(model, X);
  if (model.classes > 2) {
    for (let row = 0; row < X.rows; row++) softmaxInPlace(scores, row * model.classes, model.classes);
    return scores;
  }
  const probabilities = new Float64Array(X.rows * 2);
  scores.forEach((score, row) => {
    probabilities[2 * row] = sigmoid(-score);
    probabilities[2 * row + 1] = sigmoid(score);
  });
  return probabilities;
};

/** The most probable class of each row (the first of equals). */
export const mostProbable = (probabilities: ArrayLike<number>, classes: number): Int32Array =>
  Int32Array.from({ length: probabilities.length / classes }, (_, row) => {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if (probabilities[row * classes + c]! > probabilities[row * classes + best]!) best = c;
    }
    return best;
  });

const countClasses = (y: ArrayLike<number>): number => {
  let last = 0;
  for (let row = 0; row < y.length; row++) last = Math.max(last, y[row]!);
  return last + 1;
};

const checkClasses = (y: ArrayLike<number>, classes: number): void => {
  const seen = new Set<number>();
  for (let row = 0; row < y.length; row++) {
    const value = y[row]!;
    if (!Number.isInteger(value) || value < 0 || value >= classes) {
      throw new MlError('unknown_class', `row ${row} has class ${value}, not one of 0…${classes - 1}`, {
        row,
      });
    }
    seen.add(value);
  }
  if (seen.size < 2) throw new MlError('single_class', 'all rows are of one class');
};
