/** How a node asks: the row goes to `yes` when `x <mode> threshold` holds. */
export const branchModes = ['<=', '<', '>=', '>', '==', '!='] as const;
export type BranchMode = (typeof branchModes)[number];

/** One tree, as arrays with one entry per node. Node 0 is the root; every other node comes after its parent. */
export interface DecisionTree {
  /** Feature that the node asks for; −1: a leaf. */
  feature: Int32Array;
  threshold: Float32Array;
  mode: BranchMode[];
  /** 1: a missing value (NaN) goes to `yes`. */
  missingYes: Uint8Array;
  yes: Int32Array;
  no: Int32Array;
  /** Training rows (or their weight) that reached the node; more than 0. */
  cover: Float64Array;
  /** What a leaf adds, by score. Nothing at other nodes. */
  leaf: (readonly { score: number; value: number }[])[];
}

/** Where row `x` goes at `node`. */
export const goesToYes = (tree: DecisionTree, node: number, x: ArrayLike<number>): boolean => {
  const value = x[tree.feature[node]!]!;
  if (Number.isNaN(value)) return tree.missingYes[node] === 1;
  const threshold = tree.threshold[node]!;
  switch (tree.mode[node]!) {
    case '<=':
      return value <= threshold;
    case '<':
      return value < threshold;
    case '>=':
      return value >= threshold;
    case '>':
      return value > threshold;
    case '==':
      return value === threshold;
    case '!=':
      return value !== threshold;
  }
};

/** Depth of each node; the root's is 0. */
export const nodeDepths = (tree: DecisionTree): Int32Array => {
  const depths = new Int32Array(tree.feature.length);
  tree.feature.forEach((feature, node) => {
    if (feature < 0) return;
    depths[tree.yes[node]!] = depths[node]! + 1;
    depths[tree.no[node]!] = depths[node]! + 1;
  });
  return depths;
};

/** Steps that one row's contributions take, about: of each leaf, the square of its depth. */
export const explanationCost = (tree: DecisionTree): number =>
  nodeDepths(tree).reduce((sum, depth, node) => (tree.feature[node]! < 0 ? sum + (depth + 1) ** 2 : sum), 0);

/** Mean of the leaves by the rows that reached them, by score: what the tree says of nobody in particular. */
export const expectedValues = (tree: DecisionTree, scores: number): Float64Array => {
  const out = new Float64Array(scores);
  tree.leaf.forEach((values, node) => {
    for (const { score, value } of values) out[score]! += (value * tree.cover[node]!) / tree.cover[0]!;
  });
  return out;
};
