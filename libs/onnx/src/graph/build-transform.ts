import type { FittedPreprocessing } from '@millrace/ml';
import { addColumnInputs } from './column-inputs.js';
import { columnMetadata, type ColumnTypes } from './column-metadata.js';
import { FeatureNodes, isNumberSource, isOneHotSource, sourcesOf, type Source } from './feature-nodes.js';
import { GraphBuilder } from './graph-builder.js';

/**
 * The fitted preprocessing as a graph from raw columns (see `buildFusedModel` for its inputs) to `features` FP32
 * [N, features], equal to `applyPreprocessing`.
 */
export const buildTransform = (fitted: FittedPreprocessing, columns?: ColumnTypes): Uint8Array => {
  const graph = new GraphBuilder('millrace-transform');
  addColumnInputs(graph, fitted.columns, ['features']);
  const nodes = new FeatureNodes(graph);
  const pieces = runsOf(sourcesOf(fitted)).map((run) => {
    const numbers = run.filter(isNumberSource);
    if (numbers.length > 0) return nodes.dense(numbers);
    const source = run.filter(isOneHotSource)[0]!;
    const depth = graph.int64s([source.part.width]);
    const oneHot = graph.node('OneHot', [
      categoryIndex(nodes, graph, source),
      depth,
      graph.floats([0, 1], [2]),
    ]);
    return graph.node('Flatten', [oneHot], { attributes: { axis: 1 } });
  });
  graph.node('Concat', pieces, { attributes: { axis: 1 }, output: 'features' });
  graph.output('features', 'FP32', [null, fitted.features.length]);
  return graph.finish({
    ...columnMetadata(fitted, columns),
    'millrace.features': JSON.stringify(fitted.features),
  });
};

/** INT64 [N, 1]. Positions of date parts come through a table of floats, which hold small integers exactly. */
const categoryIndex = (
  nodes: FeatureNodes,
  graph: GraphBuilder,
  source: Source & Parameters<FeatureNodes['index']>[0],
): string => {
  const { part } = source;
  if (part.part === null || part.part === 'year') return nodes.index(source);
  // Shifted by one, so that 0 is none of them, and back.
  const positions = Float32Array.from({ length: part.width }, (_, i) => i + 1);
  const shifted = graph.node('Cast', [nodes.lookUp(source, positions, 1)], { attributes: { to: 7 } });
  const index = graph.node('Sub', [shifted, graph.int64(1)]);
  // OneHot counts negative positions from the end: none of them must be past the end instead.
  const none = graph.node('Less', [index, graph.int64(0)]);
  return graph.node('Where', [none, graph.int64(part.width), index]);
};

/** Neighbouring numbers together, each one-hot part alone: the order of features stays. */
const runsOf = (sources: Source[]): Source[][] => {
  const runs: Source[][] = [];
  for (const source of sources) {
    const last = runs.at(-1);
    if (isNumberSource(source) && last?.[0] && isNumberSource(last[0])) last.push(source);
    else runs.push([source]);
  }
  return runs;
};
