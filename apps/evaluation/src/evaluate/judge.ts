import { DomainError, type JsonValue, type ModelManifest } from '@millrace/contracts';
import { encodeClasses, encodeTarget, scoreClassification, scoreRegression, type Column } from '@millrace/ml';
import { classificationCurves } from './evaluation-curves.js';
import { regressionCurves } from './regression-curves.js';

/** What is said about a model's predictions. */
export interface Judgement {
  metrics: Record<string, number>;
  /** Curves and tables, as data. */
  body: { [name: string]: JsonValue };
}

export type JudgedModel = Pick<ModelManifest, 'task' | 'classes' | 'baseline'> & {
  label: NonNullable<ModelManifest['label']>;
};

/** The output of the model that is judged. */
export const judgedOutput = ({ task }: JudgedModel): 'prediction' | 'probabilities' =>
  task === 'regression' ? 'prediction' : 'probabilities';

/**
 * Metrics of the predictions, the same as `baseline.*` of predicting what the training labels alone would say, and curves.
 * @param predictions rows × width, row-major
 * @throws MlError `missing_label`, `unknown_class`: both name the row
 */
export const judge = (model: JudgedModel, labels: Column, predictions: Float32Array): Judgement =>
  model.task === 'regression'
    ? judgeNumbers(model, labels, predictions)
    : judgeClasses(model, labels, predictions);

const judgeClasses = (
  { label, classes = [], baseline }: JudgedModel,
  labels: Column,
  predictions: Float32Array,
) => {
  const truth = encodeClasses(label.name, labels, classes);
  requireWidth(predictions, truth.length * classes.length);
  const score = (probabilities: ArrayLike<number>) =>
    scoreClassification(truth, probabilities, classes.length);
  const guess = baseline && 'probabilities' in baseline ? baseline.probabilities : undefined;
  return {
    metrics: { ...score(predictions), ...ofBaseline(truth.length, guess, score) },
    body: classificationCurves(truth, predictions, classes),
  };
};

const judgeNumbers = ({ label, baseline }: JudgedModel, labels: Column, predictions: Float32Array) => {
  const truth = encodeTarget(label.name, labels);
  requireWidth(predictions, truth.length);
  const score = (predicted: ArrayLike<number>) => scoreRegression(truth, predicted);
  const guess = baseline && 'prediction' in baseline ? [baseline.prediction] : undefined;
  return {
    metrics: { ...score(predictions), ...ofBaseline(truth.length, guess, score) },
    body: regressionCurves(truth, Float64Array.from(predictions)),
  };
};

const ofBaseline = (
  rows: number,
  guess: number[] | undefined,
  score: (guesses: Float64Array) => Record<string, number>,
): Record<string, number> => {
  if (!guess) return {};
  const guesses = Float64Array.from({ length: rows * guess.length }, (_, i) => guess[i % guess.length]!);
  return Object.fromEntries(
    Object.entries(score(guesses)).map(([name, value]) => [`baseline.${name}`, value]),
  );
};

const requireWidth = (predictions: Float32Array, expected: number): void => {
  if (predictions.length === expected) return;
  throw new DomainError(
    'integrity',
    `the model gave ${predictions.length} values where ${expected} were expected`,
  );
};
