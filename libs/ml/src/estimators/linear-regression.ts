import type { FeatureMatrix } from '../matrix/feature-matrix.js';
import { multiply } from '../matrix/products.js';
import { MlError } from '../ml-error.js';
import { checkTraining } from './check-training.js';
import { solveCholesky } from './cholesky.js';
import type { Fit, FitOptions, Iteration, LinearModel } from './estimator.js';
import { centredGram, featureMeans } from './gram.js';

/** The normal equations take features² · 8 bytes. */
const maxFeatures = 5000;

/**
 * Least squares with an L2 penalty and a free intercept: the minimum of ‖y − Xw − b‖² + l2·‖w‖², which is scikit-learn's
 * `Ridge(alpha=l2)` and, at l2 = 0, `LinearRegression` (of features that depend on others, the later ones get 0). Exact
 * in one step, by the centred normal equations in float64.
 * @throws MlError `no_rows`, `dimension_mismatch`, `missing_label`, `not_finite`, `too_many_features`, `invalid_option`, `aborted`
 */
export const fitLinearRegression = (
  X: FeatureMatrix,
  y: ArrayLike<number>,
  options: FitOptions = {},
): Fit<LinearModel> => {
  checkTraining(X, y, options);
  const { l2 = 1, signal, onIteration } = options;
  const d = X.columns;
  if (d > maxFeatures) throw new MlError('too_many_features', `${d} features are more than ${maxFeatures}`);
  const stopIfAborted = () => {
    if (signal?.aborted) throw new MlError('aborted', 'the fit was cancelled');
  };
  const means = featureMeans(X);
  let yMean = 0;
  for (let row = 0; row < y.length; row++) yMean += y[row]! / y.length;
  const { gram, moments } = centredGram(X, y, means, yMean, (row) => {
    if (row % 1024 === 0) stopIfAborted();
  });
  for (let i = 0; i < d; i++) gram[i * d + i]! += l2;
  const coefficients = solveCholesky(gram, moments, stopIfAborted);
  let intercept = yMean;
  for (let i = 0; i < d; i++) intercept -= coefficients[i]! * means[i]!;
  const model: LinearModel = { kind: 'linear', features: d, coefficients, intercept };
  const iteration: Iteration = { iteration: 1, ...objectiveAt(model, X, y, l2) };
  onIteration?.(iteration);
  return { model, iterations: 1, converged: true, curve: [iteration] };
};

/** One number per row. @throws MlError `dimension_mismatch` */
export const predict = (model: LinearModel, X: FeatureMatrix): Float64Array => {
  if (X.columns !== model.features) {
    throw new MlError('dimension_mismatch', `${X.columns} features for a model of ${model.features}`);
  }
  const out = new Float64Array(X.rows);
  multiply(X, model.coefficients, Float64Array.of(model.intercept), out);
  return out;
};

/** Mean squared error plus penalty per row; the gradient of the intercept, which is all that rounding leaves to see cheaply. */
const objectiveAt = (model: LinearModel, X: FeatureMatrix, y: ArrayLike<number>, l2: number) => {
  let squares = 0;
  let residuals = 0;
  predict(model, X).forEach((prediction, row) => {
    squares += (prediction - y[row]!) ** 2;
    residuals += prediction - y[row]!;
  });
  let penalty = 0;
  for (const w of model.coefficients) penalty += w * w;
  return { loss: (squares + l2 * penalty) / X.rows, gradient: Math.abs((2 * residuals) / X.rows) };
};
