import { InvalidRequest, type ModelManifest, type TransformManifest } from '@millrace/contracts';
import {
  classShares,
  encodeClasses,
  encodeTarget,
  fitLinearRegression,
  fitLogisticRegression,
  predict,
  predictProbabilities,
  scoreClassification,
  scoreRegression,
  type Column,
  type FeatureMatrix,
  type Fit,
  type FitOptions,
  type LinearModel,
  type LogisticModel,
} from '@millrace/ml';
import type { FitParams } from './fit.params.js';

export type Scores = Record<string, number>;

/** What differs between learning classes and learning numbers. */
export interface Learner<Model extends LogisticModel | LinearModel = LogisticModel | LinearModel> {
  /** The output of the fused graph that predictions are compared with, and its width. */
  output: 'probabilities' | 'prediction';
  width: number;
  encode(column: Column): ArrayLike<number>;
  fit(X: FeatureMatrix, y: ArrayLike<number>, options: FitOptions): Fit<Model>;
  /** rows × width, row-major. */
  predict(model: Model, X: FeatureMatrix): Float64Array;
  score(y: ArrayLike<number>, predictions: ArrayLike<number>): Scores;
  /** What one would predict knowing only the training labels. */
  baseline(y: ArrayLike<number>): NonNullable<ModelManifest['baseline']>;
}

type Label = TransformManifest['label'];

/** @throws InvalidRequest when the estimator cannot learn the label's task */
export const learnerOf = (estimator: FitParams['estimator'], label: Label): Learner => {
  const wanted = label.task === 'regression' ? 'linear' : 'logistic';
  if (estimator !== wanted) {
    const message = `is ${estimator}, but the label '${label.name}' is for ${label.task}: use ${wanted}`;
    throw new InvalidRequest([{ field: 'params.estimator', message }]);
  }
  return (wanted === 'linear' ? regressor(label) : classifier(label)) as Learner;
};

const classifier = ({ name, classes = [] }: Label): Learner<LogisticModel> => ({
  output: 'probabilities',
  width: classes.length,
  encode: (column) => encodeClasses(name, column, classes),
  fit: (X, y, options) => fitLogisticRegression(X, y, { ...options, classes: classes.length }),
  predict: predictProbabilities,
  score: (y, probabilities) => scoreClassification(y, probabilities, classes.length),
  baseline: (y) => ({ probabilities: classShares(y, classes.length) }),
});

const regressor = ({ name }: Label): Learner<LinearModel> => ({
  output: 'prediction',
  width: 1,
  encode: (column) => encodeTarget(name, column),
  fit: fitLinearRegression,
  predict,
  score: scoreRegression,
  baseline: (y) => ({ prediction: Array.from(y).reduce((sum, value) => sum + value / y.length, 0) }),
});

/** Scores of predicting the baseline for every row. */
export const scoreBaseline = (
  learner: Learner,
  baseline: NonNullable<ModelManifest['baseline']>,
  y: ArrayLike<number>,
): Scores => {
  const guess = 'probabilities' in baseline ? baseline.probabilities : [baseline.prediction];
  const guesses = Float64Array.from({ length: y.length * guess.length }, (_, i) => guess[i % guess.length]!);
  return learner.score(y, guesses);
};

export const prefixed = (prefix: string, scores: Scores): Scores =>
  Object.fromEntries(Object.entries(scores).map(([name, value]) => [`${prefix}.${name}`, value]));
