import { fitPreprocessing, transformTable, type Table } from '@millrace/ml';
import { featureMeans, fitLogisticRegression, decisionFunction } from '@millrace/ml';
import { GraphBuilder } from '../graph/graph-builder.js';
import { buildFusedModel } from '../graph/build-fused-model.js';
import { loadModel } from '../model/load-model.js';
import type { RunnableModel } from '../model/runnable-model.js';
import type { Tensor } from '../tensor/tensor.js';
import { columnsToFeeds } from '../feeds/columns-to-feeds.js';
import { openExplainer } from './open-explainer.js';
import { referenceTrees, treeAttributes, treeModel, type ReferenceTrees } from './reference-trees.fixture.js';

const noPause = async () => {};
const load = async (part: Uint8Array): Promise<RunnableModel> => loadModel(part);
const never = (): never => {
  throw new Error('there is nothing to load');
};
const flat = (rows: (number | null)[][]) => Float32Array.from(rows.flat(), (x) => x ?? NaN);
const matrix = (rows: (number | null)[][]): Tensor => ({
  type: 'FP32',
  dims: [rows.length, rows[0]!.length],
  data: flat(rows),
});
const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);

describe('explanations of trees', () => {
  const reference = referenceTrees();

  it.each(['regression', 'binary', 'multiclass'] as const)(
    'are those of LightGBM and SHAP: %s',
    async (task) => {
      const trees = reference[task];
      const explainer = await openExplainer(treeModel(trees), never);
      expect(explainer.columns).toEqual(['x[0]', 'x[1]', 'x[2]', 'x[3]', 'x[4]']);
      expect(explainer.scores).toBe(trees.raw[0]!.length);
      const values = await explainer.explain({ x: matrix(trees.rows) }, trees.rows.length, noPause);
      expect(values).toHaveLength(trees.contributions.flat(2).length);
      expect(largestDifference(values, trees.contributions.flat(2))).toBeLessThan(1e-5);
      // And the runtime computes their sum.
      await using model = await loadModel(treeModel(trees));
      const { prediction } = await model.run({ x: matrix(trees.rows) });
      const sums = trees.raw.flat().map((_, i) => values.subarray(i * 6, i * 6 + 6).reduce((a, b) => a + b));
      expect(largestDifference(prediction!.data as Float32Array, sums)).toBeLessThan(1e-5);
    },
  );

  /** Raw columns a (scaled), b (one-hot, spread over two features) and c, d: the trees' five features. */
  const preprocessed = (trees: ReferenceTrees, mix = false) => {
    const graph = new GraphBuilder('preprocessed');
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => graph.input(name, 'FP32', [null, 1])) as [
      string,
      string,
      string,
      string,
    ];
    const scaled = graph.node('Mul', [
      graph.node('Sub', [a, graph.floats([1], [1])]),
      graph.floats([2], [1]),
    ]);
    const spread = graph.node('Mul', [b, graph.floats([1, -1], [1, 2])]);
    const joined = graph.node('Concat', [scaled, spread, mix ? graph.node('Add', [c, d]) : c, d], {
      attributes: { axis: 1 },
    });
    const filled = graph.node('Where', [graph.node('IsNaN', [joined]), graph.floats([0], [1, 1]), joined]);
    graph.node('TreeEnsembleRegressor', [filled], {
      attributes: treeAttributes(trees, 1),
      domain: 'ai.onnx.ml',
      output: 'prediction',
    });
    graph.output('prediction', 'FP32', [null, 1]);
    return graph.finish({});
  };
  const column = (...values: number[]): Tensor => ({
    type: 'FP32',
    dims: [values.length, 1],
    data: Float32Array.from(values),
  });

  it('add up what was made of one column, through the graph before the trees', async () => {
    const trees = reference.regression;
    const explainer = await openExplainer(preprocessed(trees), load);
    expect(explainer.columns).toEqual(['a', 'b', 'c', 'd']);
    const feeds = { a: column(1.25, NaN), b: column(0.5, -1), c: column(2, 0), d: column(NaN, 0.7) };
    const values = await explainer.explain(feeds, 2, noPause);
    const plain = await openExplainer(treeModel(trees), never);
    const x = matrix([
      [0.5, 0.5, -0.5, 2, 0],
      [0, -1, 1, 0, 0.7],
    ]);
    const byFeature = await plain.explain({ x }, 2, noPause);
    const expected = [0, 6].flatMap((at) => {
      const [f0, f1, f2, f3, f4, base] = byFeature.subarray(at, at + 6) as unknown as number[];
      return [f0!, f1! + f2!, f3!, f4!, base!];
    });
    expect(largestDifference(values, expected)).toBeLessThan(1e-12);
    expect(Math.abs(values[1]!)).toBeGreaterThan(0.01);
  });

  it.each<[string, () => Uint8Array, RegExp]>([
    [
      'a feature of two columns',
      () => preprocessed(reference.regression, true),
      /Add makes a feature of several columns/,
    ],
    [
      'covers that exporters make up',
      () =>
        treeModel(reference.regression, {
          nodes_hitrates: new Float32Array(reference.regression.nodes['nodes_treeids']!.length).fill(1),
        }),
      /does not say how many training rows reached each node/,
    ],
    [
      'no covers',
      () => treeModel(reference.regression, { nodes_hitrates: Float32Array.of(1) }),
      /nodes_hitrates/,
    ],
    ['a maximum', () => treeModel(reference.regression, { aggregate_function: 'MAX' }), /combined by MAX/],
    [
      'a tree that bites its tail',
      () =>
        treeModel(reference.regression, {
          nodes_truenodeids: reference.regression.nodes['nodes_truenodeids']!.map(() => 0) as number[],
        }),
      /one of its trees is none/,
    ],
    [
      'no trees and no linear model',
      () => {
        const graph = new GraphBuilder('identity');
        graph.node('Identity', [graph.input('x', 'FP32', [null, 1])], { output: 'y' });
        graph.output('y', 'FP32', [null, 1]);
        return graph.finish({});
      },
      /neither a linear model/,
    ],
    [
      'an explanation that is none',
      () => {
        const graph = new GraphBuilder('identity');
        graph.node('Identity', [graph.input('x', 'FP32', [null, 1])], { output: 'y' });
        graph.output('y', 'FP32', [null, 1]);
        return graph.finish({
          'millrace.explanation': '{"fitted":{"columns":[null],"features":["x"]},"intercepts":[1]}',
        });
      },
      /does not fit together/,
    ],
  ])('are refused for %s', async (_, model, reason) => {
    await expect(openExplainer(model(), load)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(reason) as string,
    });
  });
});

describe('explanations of linear models', () => {
  const rows = 60;
  const table: Table = {
    rows,
    columns: {
      n: {
        kind: 'number',
        values: Float64Array.from({ length: rows }, (_, i) => (i % 7 === 0 ? NaN : (i * 37) % 50)),
      },
      s: { kind: 'string', values: Array.from({ length: rows }, (_, i) => ['a', 'b', 'c', null][i % 4]!) },
      t: { kind: 'timestamp', values: Float64Array.from({ length: rows }, (_, i) => i * 9e8) },
    },
  };

  it.each([2, 3])('add up to the scores of %d classes, and to 0 over the training rows', async (classes) => {
    const fitted = fitPreprocessing(
      {
        columns: {
          n: [{ impute: 'mean' }, { scale: 'standard' }],
          s: [{ oneHot: {} }],
          t: [{ dateParts: ['weekday'] }, { oneHot: {} }],
        },
      },
      table,
    );
    const X = transformTable(fitted, table);
    const { model } = fitLogisticRegression(
      X,
      Int32Array.from({ length: rows }, (_, i) => (i * 5) % classes),
    );
    const file = buildFusedModel({ fitted, estimator: model, means: featureMeans(X) });
    await using loaded = await loadModel(file);
    const explainer = await openExplainer(file, never);
    const k = classes === 2 ? 1 : classes;
    expect(explainer).toMatchObject({ columns: ['n', 's', 't'], scores: k });
    const values = await explainer.explain(columnsToFeeds(loaded.signature, table), rows, noPause);
    const scores = decisionFunction(model, X);
    const sums = Array.from(scores, (_, i) => values.subarray(i * 4, i * 4 + 4).reduce((a, b) => a + b));
    expect(largestDifference(scores, sums)).toBeLessThan(1e-9);
    for (let column = 0; column < 3; column++) {
      let total = 0;
      for (let row = 0; row < rows; row++) total += values[row * k * 4 + column]!;
      expect(total).toBeCloseTo(0, 6);
    }
  });
});
