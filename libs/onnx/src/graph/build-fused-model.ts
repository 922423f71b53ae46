import type { FittedPreprocessing, LinearModel, LogisticModel } from '@millrace/ml';
import { addColumnInputs } from './column-inputs.js';
import { explanationMetadata } from '../explain/linear-explainer.js';
import { columnMetadata, type ColumnTypes } from './column-metadata.js';
import { FeatureNodes, isNumberSource, isOneHotSource, sourcesOf } from './feature-nodes.js';
import { GraphBuilder } from './graph-builder.js';

export interface FusedModelOptions {
  fitted: FittedPreprocessing;
  estimator: LogisticModel | LinearModel;
  /** Class values in index order, kept as metadata. */
  classes?: readonly (string | number | boolean)[];
  /** Declared column types, where they say more than the preprocessing. */
  columns?: ColumnTypes;
  /** Of the features in training: with them, predictions can be explained. */
  means?: Float64Array;
}

/**
 * One graph from raw columns to predictions. Inputs, one per raw column, of shape [N, 1]: FP32 for numbers and booleans
 * (NaN missing), string ('' missing), INT64 epoch ms for timestamps (the smallest INT64 missing). Outputs: `label`
 * INT64 [N] (class index) and `probabilities` FP32 [N, classes]; or `prediction` FP32 [N, 1] for regression.
 *
 * One-hot features are never materialised: a category is looked up straight to its coefficients.
 * @throws DomainError `data_invalid` when a column has the name of an output
 */
export const buildFusedModel = ({
  fitted,
  estimator,
  classes,
  columns,
  means,
}: FusedModelOptions): Uint8Array => {
  if (estimator.features !== fitted.features.length) {
    throw new RangeError(
      `the estimator has ${estimator.features} features, the preprocessing ${fitted.features.length}`,
    );
  }
  const graph = new GraphBuilder('millrace-model');
  addColumnInputs(graph, fitted.columns, ['label', 'probabilities', 'prediction']);
  if (estimator.kind === 'linear') {
    addScores(graph, fitted, estimator.coefficients, Float64Array.of(estimator.intercept), 'prediction');
    graph.output('prediction', 'FP32', [null, 1]);
  } else {
    const { coefficients, intercepts } = estimator;
    addProbabilities(graph, addScores(graph, fitted, coefficients, intercepts), intercepts.length);
    graph.node('ArgMax', ['probabilities'], { attributes: { axis: 1, keepdims: 0 }, output: 'label' });
    graph.output('label', 'INT64', [null]);
    graph.output('probabilities', 'FP32', [null, estimator.classes]);
  }
  return graph.finish({
    ...columnMetadata(fitted, columns),
    ...explanationMetadata(fitted, estimator, means),
    ...(classes ? { 'millrace.classes': JSON.stringify(classes) } : {}),
  });
};

/** FP32 [N, k]: X·W + b. @param coefficients features × k, row-major. */
const addScores = (
  graph: GraphBuilder,
  fitted: FittedPreprocessing,
  coefficients: Float64Array,
  intercepts: Float64Array,
  output?: string,
): string => {
  const k = intercepts.length;
  const nodes = new FeatureNodes(graph);
  const sources = sourcesOf(fitted);
  const rowsOf = (offset: number, width: number) =>
    Float32Array.from(coefficients.subarray(offset * k, (offset + width) * k));
  const terms = sources
    .filter(isOneHotSource)
    .map((source) => nodes.lookUp(source, rowsOf(source.part.offset, source.part.width), k));
  const numbers = sources.filter(isNumberSource);
  const bias = graph.floats(intercepts, [1, k]);
  const named = output === undefined ? {} : { output };
  const weights = numbers.flatMap(({ part }) => [...rowsOf(part.offset, 1)]);
  const dense =
    numbers.length > 0
      ? graph.node(
          'Gemm',
          [nodes.dense(numbers), graph.floats(weights, [numbers.length, k]), bias],
          terms.length === 0 ? named : {},
        )
      : bias;
  if (terms.length === 0) return dense;
  if (k === 1) return graph.node('Sum', [dense, ...terms], named);
  // Looked-up rows are [N, 1, k].
  const sum = terms.length === 1 ? terms[0]! : graph.node('Sum', terms);
  return graph.node('Add', [graph.node('Squeeze', [sum, graph.int64s([1])]), dense], named);
};

const addProbabilities = (graph: GraphBuilder, scores: string, k: number): void => {
  if (k > 1) {
    graph.node('Softmax', [scores], { attributes: { axis: 1 }, output: 'probabilities' });
    return;
  }
  const positive = graph.node('Sigmoid', [scores]);
  const negative = graph.node('Sub', [graph.floats([1], [1, 1]), positive]);
  graph.node('Concat', [negative, positive], { attributes: { axis: 1 }, output: 'probabilities' });
};
