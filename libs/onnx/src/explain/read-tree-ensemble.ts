import { branchModes, explanationCost, nodeDepths, type BranchMode, type DecisionTree } from '@millrace/ml';
import { cannotExplain, explainLimits } from './explainer.js';
import { attributesOf, type AttributeLists } from './node-attributes.js';

export interface TreeEnsembleParts {
  trees: DecisionTree[];
  scores: number;
  /** What the ensemble adds to its trees, by score. */
  base: Float64Array;
  /** Each tree counts so much: an ensemble that averages. */
  weight: number;
}

const modeOf: Record<string, BranchMode> = {
  BRANCH_LEQ: branchModes[0],
  BRANCH_LT: branchModes[1],
  BRANCH_GTE: branchModes[2],
  BRANCH_GT: branchModes[3],
  BRANCH_EQ: branchModes[4],
  BRANCH_NEQ: branchModes[5],
};

/**
 * The trees of a TreeEnsembleClassifier or TreeEnsembleRegressor node (ai.onnx.ml 1 to 3), with the training rows that
 * reached each node as its `nodes_hitrates`.
 * @throws DomainError `unsupported` where something is missing or too large
 */
export const readTreeEnsemble = (node: Uint8Array): TreeEnsembleParts => {
  const lists = attributesOf(node);
  if (lists.tensors.length > 0)
    cannotExplain(`its trees have values in double precision (${lists.tensors[0]!})`);
  const aggregate = lists.strings.get('aggregate_function')?.[0] ?? 'SUM';
  if (aggregate !== 'SUM' && aggregate !== 'AVERAGE') cannotExplain(`its trees are combined by ${aggregate}`);
  const owner = lists.ints.has('class_treeids') ? 'class' : 'target';
  const leaves = readLeaves(lists, owner);
  const { scores, base } = readScores(lists, leaves, owner);
  const trees = readTrees(lists, leaves, scores);
  if (trees.length === 0) cannotExplain('it has no trees');
  return { trees, scores, base, weight: aggregate === 'AVERAGE' ? 1 / trees.length : 1 };
};

interface Leaf {
  key: string;
  score: number;
  value: number;
}

const keyOf = (tree: number, node: number): string => `${tree}/${node}`;

const readLeaves = ({ ints, floats }: AttributeLists, owner: 'class' | 'target'): Leaf[] => {
  const column = (name: string): number[] => ints.get(`${owner}_${name}`) ?? [];
  const [trees, nodes, ids] = [column('treeids'), column('nodeids'), column('ids')];
  const weights = floats.get(`${owner}_weights`) ?? [];
  if ([nodes, ids, weights].some(({ length }) => length !== trees.length))
    cannotExplain('the lists of its leaves differ in length');
  return trees.map((tree, i) => ({ key: keyOf(tree, nodes[i]!), score: ids[i]!, value: weights[i]! }));
};

/** A classifier of two classes whose leaves all speak of one has one score: the second class's. */
const readScores = (
  { ints, floats, strings }: AttributeLists,
  leaves: Leaf[],
  owner: 'class' | 'target',
): { scores: number; base: Float64Array } => {
  const classes = (strings.get('classlabels_strings') ?? ints.get('classlabels_int64s') ?? []).length;
  const one = owner === 'class' && classes === 2 && new Set(leaves.map(({ score }) => score)).size === 1;
  const scores = one ? 1 : owner === 'class' ? classes : (ints.get('n_targets')?.[0] ?? 1);
  if (one) for (const leaf of leaves) leaf.score = 0;
  if (scores < 1 || scores > 1_000 || leaves.some(({ score }) => score >= scores))
    cannotExplain('its leaves speak of scores that it does not have');
  const base = floats.get('base_values') ?? [];
  if (base.length !== 0 && base.length !== scores)
    cannotExplain(`it has ${base.length} base values for ${scores} scores`);
  return { scores, base: Float64Array.from({ length: scores }, (_, i) => base[i] ?? 0) };
};

interface RawNode {
  key: string;
  feature: number;
  threshold: number;
  mode: string;
  missingYes: number;
  yes: string;
  no: string;
  cover: number;
}

const readTrees = (lists: AttributeLists, leaves: Leaf[], scores: number): DecisionTree[] => {
  const nodes = readNodes(lists);
  const byTree = groupBy(nodes, ({ tree }) => tree);
  const byLeaf = groupBy(leaves, ({ key }) => key);
  if (scores > 1 && nodes.length * scores > 50 * explainLimits.treeNodes)
    cannotExplain('its trees are too large');
  return [...byTree.values()].map((tree) => toTree(tree, byLeaf));
};

const groupBy = <Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> => {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
};

const readNodes = ({ ints, floats, strings }: AttributeLists): (RawNode & { tree: number })[] => {
  const trees = ints.get('nodes_treeids') ?? [];
  const column = <T>(list: T[] | undefined, name: string): T[] =>
    list?.length === trees.length ? list : cannotExplain(`it has not one of nodes_${name} for each node`);
  const nodeids = column(ints.get('nodes_nodeids'), 'nodeids');
  const features = column(ints.get('nodes_featureids'), 'featureids');
  const thresholds = column(floats.get('nodes_values'), 'values');
  const modes = column(strings.get('nodes_modes'), 'modes');
  const yes = column(ints.get('nodes_truenodeids'), 'truenodeids');
  const no = column(ints.get('nodes_falsenodeids'), 'falsenodeids');
  const covers = floats.get('nodes_hitrates');
  if (covers?.length !== trees.length) return cannotExplain(noCovers);
  const missing = ints.get('nodes_missing_value_tracks_true') ?? [];
  return trees.map((tree, i) => ({
    tree,
    key: keyOf(tree, nodeids[i]!),
    feature: features[i]!,
    threshold: thresholds[i]!,
    mode: modes[i]!,
    missingYes: missing[i] ?? 0,
    yes: keyOf(tree, yes[i]!),
    no: keyOf(tree, no[i]!),
    cover: covers[i]!,
  }));
};

const noCovers =
  'it does not say how many training rows reached each node of its trees (nodes_hitrates; most exporters write 1)';

/** Numbered anew, from the root down. */
const toTree = (raw: RawNode[], byLeaf: Map<string, Leaf[]>): DecisionTree => {
  const ordered = fromRoot(raw);
  const places = new Map(ordered.map(({ key }, place) => [key, place]));
  const isLeaf = ({ mode }: RawNode): boolean => mode === 'LEAF';
  const placeOf = (node: RawNode, key: string): number => (isLeaf(node) ? -1 : places.get(key)!);
  const tree: DecisionTree = {
    feature: Int32Array.from(ordered, (node) => (isLeaf(node) ? -1 : node.feature)),
    threshold: Float32Array.from(ordered, ({ threshold }) => threshold),
    mode: ordered.map((node) =>
      isLeaf(node) ? '<=' : (modeOf[node.mode] ?? cannotExplain(`it asks by ${node.mode}`)),
    ),
    missingYes: Uint8Array.from(ordered, ({ missingYes }) => missingYes),
    yes: Int32Array.from(ordered, (node) => placeOf(node, node.yes)),
    no: Int32Array.from(ordered, (node) => placeOf(node, node.no)),
    cover: Float64Array.from(ordered, ({ cover }) => cover),
    leaf: ordered.map((node) => (isLeaf(node) ? (byLeaf.get(node.key) ?? []) : [])),
  };
  checkTree(tree);
  return tree;
};

const fromRoot = (raw: RawNode[]): RawNode[] => {
  const byKey = new Map(raw.map((node) => [node.key, node]));
  const children = new Set(raw.flatMap(({ mode, yes, no }) => (mode === 'LEAF' ? [] : [yes, no])));
  const [root, second] = raw.filter(({ key }) => !children.has(key));
  if (!root || second || byKey.size < raw.length) return cannotExplain('one of its trees is none');
  const ordered = [root];
  for (let i = 0; i < ordered.length && ordered.length <= raw.length; i++) {
    const { mode, yes, no } = ordered[i]!;
    if (mode !== 'LEAF')
      for (const key of [yes, no])
        ordered.push(byKey.get(key) ?? cannotExplain('one of its trees lacks a node'));
  }
  return ordered.length === raw.length && new Set(ordered).size === raw.length
    ? ordered
    : cannotExplain('one of its trees is none');
};

const checkTree = (tree: DecisionTree): void => {
  tree.feature.forEach((feature, node) => {
    const cover = tree.cover[node]!;
    const sum = feature < 0 ? cover : tree.cover[tree.yes[node]!]! + tree.cover[tree.no[node]!]!;
    if (!(cover > 0) || !(Math.abs(sum - cover) <= 1e-3 * cover)) cannotExplain(noCovers);
  });
  const deepest = nodeDepths(tree).reduce((most, depth) => Math.max(most, depth), 0);
  if (deepest > explainLimits.treeDepth)
    cannotExplain(`one of its trees is ${deepest} levels deep, more than ${explainLimits.treeDepth}`);
  if (explanationCost(tree) > explainLimits.treeCost) cannotExplain('one of its trees is too large');
};
