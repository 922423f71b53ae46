import { goesToYes, nodeDepths, type DecisionTree } from './decision-tree.js';

/**
 * Shapley values of a tree's features in polynomial time, where the value of a set of features is the tree's mean over the
 * training rows that agree on them ("path-dependent"): Lundberg et al., "Consistent Individualized Feature Attribution for
 * Tree Ensembles" (2018), algorithm 2. The same as SHAP's `tree_path_dependent` and LightGBM's `pred_contrib`.
 * Leaves × depth² steps a row.
 */
export class TreeShap {
  private readonly features: Int32Array;
  private readonly zeros: Float64Array;
  private readonly ones: Float64Array;
  private readonly weights: Float64Array;

  constructor(private readonly tree: DecisionTree) {
    const deepest = nodeDepths(tree).reduce((most, depth) => Math.max(most, depth), 0) + 2;
    // Each level of the walk keeps a path of its own behind the one of its parent.
    const size = (deepest * (deepest + 1)) / 2;
    this.features = new Int32Array(size);
    this.zeros = new Float64Array(size);
    this.ones = new Float64Array(size);
    this.weights = new Float64Array(size);
  }

  /**
   * Adds to `out` what each feature of row `x` contributes to each score, beyond the tree's expected value.
   * @param x one value per feature, NaN missing
   * @param out scores × features, row-major
   */
  addContributions(x: ArrayLike<number>, features: number, out: Float64Array): void {
    this.walk(0, { x, features, out }, 0, 0, 1, 1, -1);
  }

  /** @param at where this level's path begins; @param length entries that it has before this node's. */
  private walk(
    node: number,
    row: { x: ArrayLike<number>; features: number; out: Float64Array },
    at: number,
    length: number,
    ...[zero, one, feature]: [zero: number, one: number, feature: number]
  ): void {
    const { tree } = this;
    this.extend(at, length, zero, one, feature);
    if (tree.feature[node]! < 0) {
      this.addLeaf(node, row, at, length);
      return;
    }
    const asked = tree.feature[node]!;
    const yes = goesToYes(tree, node, row.x);
    const [hot, cold] = yes ? [tree.yes[node]!, tree.no[node]!] : [tree.no[node]!, tree.yes[node]!];
    let [beforeZero, beforeOne] = [1, 1];
    let last = length;
    // A feature that was asked before counts once.
    for (let i = 1; i <= length; i++)
      if (this.features[at + i] === asked) {
        beforeZero = this.zeros[at + i]!;
        beforeOne = this.ones[at + i]!;
        this.unwind(at, length, i);
        last = length - 1;
        break;
      }
    const cover = tree.cover[node]!;
    for (const [child, follows] of [
      [hot, beforeOne],
      [cold, 0],
    ] as const) {
      const next = at + last + 1;
      this.copy(at, next, last + 1);
      this.walk(child, row, next, last + 1, (tree.cover[child]! / cover) * beforeZero, follows, asked);
    }
  }

  private addLeaf(
    node: number,
    { features, out }: { features: number; out: Float64Array },
    at: number,
    length: number,
  ): void {
    for (let i = 1; i <= length; i++) {
      const share = this.unwoundSum(at, length, i) * (this.ones[at + i]! - this.zeros[at + i]!);
      for (const { score, value } of this.tree.leaf[node]!)
        out[score * features + this.features[at + i]!]! += share * value;
    }
  }

  /** Adds an entry; weights are those of sets of each size. */
  private extend(at: number, length: number, zero: number, one: number, feature: number): void {
    const { weights } = this;
    this.features[at + length] = feature;
    this.zeros[at + length] = zero;
    this.ones[at + length] = one;
    weights[at + length] = length === 0 ? 1 : 0;
    for (let i = length - 1; i >= 0; i--) {
      weights[at + i + 1]! += (one * weights[at + i]! * (i + 1)) / (length + 1);
      weights[at + i] = (zero * weights[at + i]! * (length - i)) / (length + 1);
    }
  }

  /** Takes entry `index` out again, as if it had never been added. */
  private unwind(at: number, length: number, index: number): void {
    const { weights, zeros, ones, features } = this;
    const one = ones[at + index]!;
    const zero = zeros[at + index]!;
    let next = weights[at + length]!;
    for (let i = length - 1; i >= 0; i--) {
      if (one === 0) weights[at + i] = (weights[at + i]! * (length + 1)) / (zero * (length - i));
      else {
        const weight = weights[at + i]!;
        weights[at + i] = (next * (length + 1)) / ((i + 1) * one);
        next = weight - (weights[at + i]! * zero * (length - i)) / (length + 1);
      }
    }
    for (let i = index; i < length; i++) {
      features[at + i] = features[at + i + 1]!;
      zeros[at + i] = zeros[at + i + 1]!;
      ones[at + i] = ones[at + i + 1]!;
    }
  }

  /** Sum of the weights that `unwind` would leave. */
  private unwoundSum(at: number, length: number, index: number): number {
    const { weights } = this;
    const one = this.ones[at + index]!;
    const zero = this.zeros[at + index]!;
    let next = weights[at + length]!;
    let total = 0;
    for (let i = length - 1; i >= 0; i--) {
      if (one === 0) {
        total += (weights[at + i]! * (length + 1)) / (zero * (length - i));
        continue;
      }
      const weight = (next * (length + 1)) / ((i + 1) * one);
      total += weight;
      next = weights[at + i]! - (weight * zero * (length - i)) / (length + 1);
    }
    return total;
  }

  private copy(from: number, to: number, length: number): void {
    for (const array of [this.features, this.zeros, this.ones, this.weights])
      array.copyWithin(to, from, from + length);
  }
}
