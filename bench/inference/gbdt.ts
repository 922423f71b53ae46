import { random } from '@millrace/ml';
import { GraphBuilder } from '@millrace/onnx';
import { features, type BenchModel } from './models.js';

interface Node {
  id: number;
  depth: number;
  /** Share of normal rows that get here. */
  mass: number;
  /** Between which values each feature is known to lie here, as quantiles. */
  low: number[];
  high: number[];
  split?: { feature: number; threshold: number; yes: Node; no: Node };
}

/** Quantile function of the normal distribution, by bisection: a few thousand splits need no speed. */
const quantile = (p: number): number => {
  let [low, high] = [-6, 6];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (cumulative(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};

/** Logistic approximation; tails do not matter here. */
const cumulative = (x: number): number => 1 / (1 + Math.exp(-1.702 * x));

/** Grown as leaf-wise boosting grows its trees: of the leaves, mostly one with more rows is split next, so depths differ. */
const growTree = (leaves: number, next: () => number): { nodes: Node[]; depth: number } => {
  const everywhere = { low: Array<number>(features).fill(0), high: Array<number>(features).fill(1) };
  const nodes: Node[] = [{ id: 0, depth: 0, mass: 1, ...everywhere }];
  const open = [nodes[0]!];
  const child = (parent: Node, mass: number, change: Partial<Node>): Node => {
    const node: Node = {
      ...{ id: nodes.length, depth: parent.depth + 1, mass, low: parent.low, high: parent.high },
      ...change,
    };
    nodes.push(node);
    return node;
  };
  while (open.length < leaves) {
    const scores = open.map(({ mass }) => mass ** 0.25 * next());
    const [leaf] = open.splice(scores.indexOf(Math.max(...scores)), 1) as [Node];
    const feature = Math.floor(next() * features);
    const share = 0.15 + 0.7 * next();
    const at = leaf.low[feature]! + share * (leaf.high[feature]! - leaf.low[feature]!);
    const yes = child(leaf, leaf.mass * share, { high: leaf.high.with(feature, at) });
    const no = child(leaf, leaf.mass * (1 - share), { low: leaf.low.with(feature, at) });
    leaf.split = { feature, threshold: Math.fround(quantile(at)), yes, no };
    open.push(yes, no);
  }
  return { nodes, depth: Math.max(...nodes.map(({ depth }) => depth)) };
};

/** Model B: a binary classifier of gradient-boosted trees. */
export const gbdt = (trees = 100, leaves = 31, seed = 2): BenchModel => {
  const { next } = random(seed);
  const columns = {
    ...{
      treeids: [] as number[],
      nodeids: [] as number[],
      featureids: [] as number[],
      values: [] as number[],
    },
    ...{ modes: [] as string[], truenodeids: [] as number[], falsenodeids: [] as number[] },
  };
  const leaf = {
    treeids: [] as number[],
    nodeids: [] as number[],
    ids: [] as number[],
    weights: [] as number[],
  };
  let depths = 0;
  for (let tree = 0; tree < trees; tree++) {
    const { nodes, depth } = growTree(leaves, next);
    depths += depth;
    for (const { id, split } of nodes) {
      columns.treeids.push(tree);
      columns.nodeids.push(id);
      columns.featureids.push(split?.feature ?? 0);
      columns.values.push(split?.threshold ?? 0);
      columns.modes.push(split ? 'BRANCH_LEQ' : 'LEAF');
      columns.truenodeids.push(split?.yes.id ?? 0);
      columns.falsenodeids.push(split?.no.id ?? 0);
      if (split) continue;
      leaf.treeids.push(tree);
      leaf.nodeids.push(id);
      leaf.ids.push(0);
      leaf.weights.push((next() - 0.5) * 0.2);
    }
  }
  const graph = new GraphBuilder('gbdt');
  const x = graph.input('x', 'FP32', [null, features]);
  graph.node('TreeEnsembleClassifier', [x], {
    domain: 'ai.onnx.ml',
    output: 'label',
    furtherOutputs: ['probabilities'],
    attributes: {
      nodes_treeids: columns.treeids,
      nodes_nodeids: columns.nodeids,
      nodes_featureids: columns.featureids,
      nodes_values: Float32Array.from(columns.values),
      nodes_modes: columns.modes,
      nodes_truenodeids: columns.truenodeids,
      nodes_falsenodeids: columns.falsenodeids,
      class_treeids: leaf.treeids,
      class_nodeids: leaf.nodeids,
      class_ids: leaf.ids,
      class_weights: Float32Array.from(leaf.weights),
      classlabels_int64s: [0, 1],
      post_transform: 'LOGISTIC',
    },
  });
  graph.output('label', 'INT64', [null]);
  graph.output('probabilities', 'FP32', [null, 2]);
  const what = `${trees} trees of ${leaves} leaves, ${(depths / trees).toFixed(1)} deep`;
  return { name: 'gbdt', what, bytes: graph.finish({}) };
};
