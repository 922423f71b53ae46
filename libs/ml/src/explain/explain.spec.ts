import { readFileSync } from 'node:fs';
import { denseMatrix } from '../matrix/feature-matrix.js';
import type { DecisionTree } from './decision-tree.js';
import { expectedValues } from './decision-tree.js';
import { linearBase, linearContributions } from './linear-contributions.js';
import { TreeShap } from './tree-shap.js';

interface LinearReference {
  coefficients: number[][];
  intercepts: number[];
  means: number[];
  rows: number[][];
  /** Rows × scores × features, of SHAP's LinearExplainer. */
  contributions: number[][][];
  base: number[];
}

describe('linear contributions', () => {
  const { linear } = JSON.parse(
    readFileSync(new URL('../../reference/explanations.reference.json', import.meta.url), 'utf8'),
  ) as { linear: LinearReference };
  const scores = {
    coefficients: Float64Array.from(linear.coefficients.flat()),
    intercepts: Float64Array.from(linear.intercepts),
    means: Float64Array.from(linear.means),
  };
  const X = denseMatrix(Float32Array.from(linear.rows.flat()), linear.rows.length, 5);

  it('are those of SHAP', () => {
    const values = linearContributions(scores, X, [0, 1, 2, 3, 4], 5);
    linear.contributions.flat(2).forEach((expected, i) => expect(values[i]).toBeCloseTo(expected, 6));
    linear.base.forEach((expected, i) => expect(linearBase(scores)[i]).toBeCloseTo(expected, 9));
  });

  it('are summed by column', () => {
    const apart = linearContributions(scores, X, [0, 1, 2, 3, 4], 5);
    const together = linearContributions(scores, X, [0, 1, 1, 0, 1], 2);
    for (let i = 0; i < X.rows * 3; i++) {
      expect(together[2 * i]).toBeCloseTo(apart[5 * i]! + apart[5 * i + 3]!, 12);
      expect(together[2 * i + 1]).toBeCloseTo(apart[5 * i + 1]! + apart[5 * i + 2]! + apart[5 * i + 4]!, 12);
    }
  });
});

describe('TreeShap', () => {
  /** x0 ≤ 0 → (x1 ≤ 0 → 1, else 2), else (x0 ≤ 5 → 4, else 8): one feature is asked twice. */
  const tree: DecisionTree = {
    feature: Int32Array.of(0, 1, 0, -1, -1, -1, -1),
    threshold: Float32Array.of(0, 0, 5, 0, 0, 0, 0),
    mode: Array(7).fill('<='),
    missingYes: Uint8Array.of(1, 0, 0, 0, 0, 0, 0),
    yes: Int32Array.of(1, 3, 5, -1, -1, -1, -1),
    no: Int32Array.of(2, 4, 6, -1, -1, -1, -1),
    cover: Float64Array.of(10, 4, 6, 1, 3, 5, 1),
    leaf: [[], [], [], ...[1, 2, 4, 8].map((value) => [{ score: 0, value }])],
  };

  /** Mean of the leaves over the training rows that agree with `x` on the features of `known`. */
  const meanKnowing = (known: number[], x: number[], node = 0): number => {
    const feature = tree.feature[node]!;
    if (feature < 0) return tree.leaf[node]![0]!.value;
    const [yes, no] = [tree.yes[node]!, tree.no[node]!];
    if (known.includes(feature))
      return meanKnowing(known, x, x[feature]! <= tree.threshold[node]! ? yes : no);
    const share = tree.cover[yes]! / tree.cover[node]!;
    return share * meanKnowing(known, x, yes) + (1 - share) * meanKnowing(known, x, no);
  };

  it.each([
    [-1, -1],
    [-1, 1],
    [3, 0],
    [9, 0],
  ])('is the Shapley value by its definition: %d, %d', (...x) => {
    const out = new Float64Array(2);
    new TreeShap(tree).addContributions(x, 2, out);
    const v = (...known: number[]) => meanKnowing(known, x);
    expect(out[0]).toBeCloseTo((v(0) - v() + v(0, 1) - v(1)) / 2, 12);
    expect(out[1]).toBeCloseTo((v(1) - v() + v(0, 1) - v(0)) / 2, 12);
    expect(expectedValues(tree, 1)[0]).toBeCloseTo(v(), 12);
  });
});
