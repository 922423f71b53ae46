import type { JsonValue } from '@millrace/contracts';
import { openData } from '@millrace/data';
import {
  featureMeans,
  selectColumn,
  transformTable,
  type LinearModel,
  type LogisticModel,
  type Table,
} from '@millrace/ml';
import { buildFusedModel, loadModel, replayGolden } from '@millrace/onnx';
import type { FitJob, FittedModel, FitWatch } from './fit-job.js';
import { goldenRows, tableOf } from './golden-rows.js';
import { learnerOf, prefixed, scoreBaseline, type Learner } from './learner.js';
import { checkParity, toleranceFor } from './parity.js';
import { toDataError } from './to-data-error.js';

/**
 * Fits, fuses with the preprocessing into one ONNX graph, and proves on every held-out row (or training row, where none
 * are held out) that the graph says what the trainer says. Same job, same bytes.
 * @throws DomainError `data_invalid`, `invalid_request`, `integrity`, `cancelled`
 */
export const trainModel = async (job: FitJob, watch: FitWatch): Promise<FittedModel> => {
  try {
    return await train(job, watch);
  } catch (error) {
    throw toDataError(error);
  }
};

const train = async (job: FitJob, watch: FitWatch): Promise<FittedModel> => {
  const { fitted, label, params } = job;
  const learner = learnerOf(params.estimator, label);
  const read = await tableReader(job, watch.signal);

  watch.report({ fraction: 0, message: 'reading the training data' });
  const trainTable = await read(job.train);
  const labelsOf = (table: Table) => learner.encode(selectColumn(table, label.name));
  const y = labelsOf(trainTable);
  const X = transformTable(fitted, trainTable);
  watch.report({ fraction: 0.2, message: `fitting ${X.rows} rows of ${X.columns} features` });
  const {
    model: estimator,
    curve,
    converged,
  } = learner.fit(X, y, {
    ...params,
    signal: watch.cancelled,
    onIteration: ({ iteration, loss, gradient }) =>
      watch.report({
        // Newton's method takes some ten iterations; how many, nobody knows before.
        fraction: 0.8 - 0.6 * 0.8 ** iteration,
        message: `iteration ${iteration}: loss ${loss.toPrecision(6)}`,
        metrics: { iteration, loss, gradient },
      }),
  });

  watch.report({
    fraction: 0.8,
    message: 'checking the ONNX graph against the trainer',
    metrics: { ...curve.at(-1) },
  });
  const trainPredictions = learner.predict(estimator, X);
  const onnx = buildFusedModel({
    fitted,
    estimator,
    columns: job.columns,
    means: featureMeans(X),
    ...(label.classes ? { classes: label.classes } : {}),
  });
  await using graph = await loadModel(onnx);
  const held = job.test === null ? null : await read(job.test);
  const predictions = held ? learner.predict(estimator, transformTable(fitted, held)) : trainPredictions;
  const parity = await checkParity(graph, held ?? trainTable, learner.output, predictions);
  const golden = goldenOf(learner, estimator, job, held ?? trainTable);
  await replayGolden(graph, golden);

  const baseline = learner.baseline(y);
  const truth = held ? labelsOf(held) : y;
  return {
    onnx,
    signature: graph.signature,
    golden,
    parity,
    baseline,
    metrics: {
      ...(held ? learner.score(truth, predictions) : {}),
      ...prefixed('baseline', scoreBaseline(learner, baseline, truth)),
      ...prefixed('train', learner.score(y, trainPredictions)),
    },
    curve,
    converged,
    rows: { train: X.rows, test: held?.rows ?? 0 },
  };
};

/** Reads the raw columns and the label. */
const tableReader = async ({ fitted, label, memoryLimitMb }: FitJob, signal: AbortSignal) => {
  const data = await openData({ memoryLimitMb });
  const columns = [...fitted.columns.map(({ name }) => name), label.name];
  return (paths: string[]) => data.readTable(paths, columns, { signal });
};

/** The label is left out of the outputs: where two classes are equally probable, either is right. */
const goldenOf = (
  learner: Learner,
  estimator: LogisticModel | LinearModel,
  { fitted, params }: FitJob,
  table: Table,
): FittedModel['golden'] => {
  const rows = goldenRows(fitted, table, params.seed);
  const answers = learner.predict(estimator, transformTable(fitted, tableOf(fitted, rows)));
  const { width, output } = learner;
  const outputs: JsonValue[] = rows.map((_, row) => [...answers.subarray(row * width, (row + 1) * width)]);
  return { rows, outputs: { [output]: outputs }, tolerance: toleranceFor(output, answers) };
};
