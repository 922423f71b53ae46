import { readFileSync } from 'node:fs';
import { GraphBuilder, type Attributes } from '../graph/graph-builder.js';

export interface ReferenceTrees {
  nodes: Record<string, (number | string)[]>;
  leaves: { treeids: number[]; nodeids: number[]; ids: number[]; weights: number[] };
  /** null is missing. */
  rows: (number | null)[][];
  /** Rows × scores × (features + 1), of LightGBM. */
  contributions: number[][][];
  raw: number[][];
}

type Reference = Record<'regression' | 'binary' | 'multiclass', ReferenceTrees>;

/** What LightGBM and SHAP say: libs/ml/reference/make-explanations.py. */
export const referenceTrees = (): Reference =>
  JSON.parse(
    readFileSync(new URL('../../../ml/reference/explanations.reference.json', import.meta.url), 'utf8'),
  ) as Reference;

/** Attributes of a TreeEnsembleRegressor. */
export const treeAttributes = ({ nodes, leaves }: ReferenceTrees, scores: number): Attributes => ({
  ...(Object.fromEntries(
    Object.entries(nodes).map(([name, values]) => [
      name,
      name === 'nodes_values' || name === 'nodes_hitrates' ? Float32Array.from(values as number[]) : values,
    ]),
  ) as Attributes),
  target_treeids: leaves.treeids,
  target_nodeids: leaves.nodeids,
  target_ids: leaves.ids,
  target_weights: Float32Array.from(leaves.weights),
  n_targets: scores,
});

/** From `x` FP32 [N, 5] to `prediction`, the raw scores. */
export const treeModel = (reference: ReferenceTrees, change: Attributes = {}): Uint8Array => {
  const scores = reference.raw[0]!.length;
  const graph = new GraphBuilder('trees');
  graph.node('TreeEnsembleRegressor', [graph.input('x', 'FP32', [null, 5])], {
    attributes: { ...treeAttributes(reference, scores), ...change },
    domain: 'ai.onnx.ml',
    output: 'prediction',
  });
  graph.output('prediction', 'FP32', [null, scores]);
  return graph.finish({});
};
