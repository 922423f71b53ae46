import { expectedValues, explanationCost, TreeShap } from '@millrace/ml';
import type { RunnableModel } from '../model/runnable-model.js';
import type { Tensor } from '../tensor/tensor.js';
import { cannotExplain, type Explainer } from './explainer.js';
import { featureColumns, rawColumns, type FeatureRun } from './feature-columns.js';
import { partYielding, type GraphParts, type NodePart } from './graph-parts.js';
import { readTreeEnsemble, type TreeEnsembleParts } from './read-tree-ensemble.js';

/** Brings the part of a model that prepares the features to where it can be asked. */
export type LoadPart = (file: Uint8Array) => Promise<RunnableModel>;

type Features = { values: ArrayLike<number | bigint>; width: number; columnOf: Int32Array };
type FeaturesOf = (feeds: Record<string, Tensor>, rows: number) => Promise<Features>;

/** @throws DomainError `unsupported` */
export const treeExplainer = async (
  parts: GraphParts,
  node: NodePart,
  load: LoadPart,
): Promise<Explainer> => {
  const ensemble = readTreeEnsemble(node.message);
  const { names } = rawColumns(parts.inputs);
  const featuresOf = await featuresBefore(parts, node.inputs[0] ?? '', load);
  const shaps = ensemble.trees.map((tree) => new TreeShap(tree));
  const base = baseOf(ensemble);
  const { scores, weight } = ensemble;
  const asked = ensemble.trees.reduce(
    (most, tree) => tree.feature.reduce((a, b) => Math.max(a, b), most),
    -1,
  );
  return {
    columns: names,
    scores,
    cost: ensemble.trees.reduce((sum, tree) => sum + explanationCost(tree), 0),
    explain: async (feeds, rows, pause) => {
      const { values, width, columnOf } = await featuresOf(feeds, rows);
      if (asked >= width) cannotExplain(`its trees ask for feature ${asked} of ${width}`);
      const out = new Float64Array(rows * scores * (names.length + 1));
      const byFeature = new Float64Array(scores * width);
      for (let row = 0; row < rows; row++) {
        const x = Float32Array.from({ length: width }, (_, i) => Number(values[row * width + i]));
        byFeature.fill(0);
        for (const shap of shaps) {
          shap.addContributions(x, width, byFeature);
          await pause();
        }
        for (let score = 0; score < scores; score++) {
          const at = (row * scores + score) * (names.length + 1);
          for (let i = 0; i < width; i++) out[at + columnOf[i]!]! += weight * byFeature[score * width + i]!;
          out[at + names.length] = base[score]!;
        }
      }
      return out;
    },
  };
};

const baseOf = ({ trees, scores, base, weight }: TreeEnsembleParts): Float64Array => {
  const out = Float64Array.from(base);
  for (const tree of trees) expectedValues(tree, scores).forEach((value, i) => (out[i]! += weight * value));
  return out;
};

const featuresBefore = async (parts: GraphParts, tensor: string, load: LoadPart): Promise<FeaturesOf> => {
  const runs = featureColumns(parts, tensor);
  if (parts.inputs.some(({ name }) => name === tensor))
    return async (feeds, rows) => toFeatures(feeds[tensor]!, rows, runs, feeds);
  const spread = runs.flatMap((run) => (run.tensor === undefined ? [] : [run.tensor]));
  const tensors = [...new Set([tensor, ...spread])];
  const part = await load(partYielding(parts, tensors)).catch((error: unknown) =>
    cannotExplain('its features cannot be had by themselves', error),
  );
  return async (feeds, rows) => {
    const outputs = await part.run(feeds);
    return toFeatures(outputs[tensor]!, rows, runs, outputs);
  };
};

const toFeatures = (
  { dims, data }: Tensor,
  rows: number,
  runs: readonly FeatureRun[],
  tensors: Record<string, Tensor>,
): Features => {
  const width = data.length / rows;
  const widthOf = ({ tensor }: FeatureRun): number =>
    tensor === undefined ? 1 : tensors[tensor]!.data.length / rows;
  const columnOf = Int32Array.from(runs.flatMap((run) => Array<number>(widthOf(run)).fill(run.column)));
  if (typeof data[0] === 'string' || columnOf.length !== width)
    cannotExplain(`its features have shape [${dims.join(', ')}], which does not fit its columns`);
  return { values: data as ArrayLike<number | bigint>, width, columnOf };
};
