import {
  fitLogisticRegression,
  fitPreprocessing,
  predictProbabilities,
  transformTable,
  type Table,
} from '@millrace/ml';
import { buildFusedModel } from '../graph/build-fused-model.js';
import { replayGolden } from '../golden/replay-golden.js';
import type { Tensor } from '../tensor/tensor.js';
import { loadModel } from './load-model.js';
import type { OnnxModel } from './onnx-model.js';

const table: Table = {
  rows: 4,
  columns: {
    x: { kind: 'number', values: Float64Array.of(1, 2, 3, 5) },
    s: { kind: 'string', values: ['a', 'b', 'a', 'c'] },
  },
};
const fitted = fitPreprocessing({ columns: { x: [{ scale: 'standard' }], s: [{ oneHot: {} }] } }, table);
const features = transformTable(fitted, table);
const { model: estimator } = fitLogisticRegression(features, [0, 1, 0, 1]);
const probabilities = [...predictProbabilities(estimator, features)];
const rows = [0, 1, 2, 3].map(
  (i) => ({ x: table.columns['x']!.values[i], s: table.columns['s']!.values[i] }) as { x: number; s: string },
);
const golden = {
  rows,
  outputs: { probabilities: rows.map((_, i) => probabilities.slice(2 * i, 2 * i + 2)) },
  tolerance: 1e-5,
};

let model: OnnxModel;
beforeAll(async () => {
  model = await loadModel(buildFusedModel({ fitted, estimator }));
});
afterAll(() => model[Symbol.asyncDispose]());

const x = (...values: number[]): Tensor => ({
  type: 'FP32',
  dims: [values.length, 1],
  data: Float32Array.from(values),
});
const s = (...values: string[]): Tensor => ({ type: 'BYTES', dims: [values.length, 1], data: values });

describe('run refuses, naming the input,', () => {
  it.each([
    ['a missing input', { x: x(1) }, 's', 'is missing'],
    ['an extra input', { x: x(1), s: s('a'), z: x(1) }, 'z', 'is not an input of the model'],
    [
      'a wrong type',
      { x: { type: 'FP64', dims: [1, 1], data: Float64Array.of(1) }, s: s('a') },
      'x',
      'is FP64, not FP32',
    ],
    ['a wrong rank', { x: { ...x(1), dims: [1] }, s: s('a') }, 'x', 'has shape [1], not [-1, 1]'],
    ['a wrong width', { x: { ...x(1, 2), dims: [1, 2] }, s: s('a') }, 'x', 'has shape [1, 2], not [-1, 1]'],
    ['a negative size', { x: { ...x(1), dims: [-1, 1] }, s: s('a') }, 'x', 'has shape [-1, 1]'],
    ['too few values', { x: { ...x(1), dims: [3, 1] }, s: s('a') }, 'x', 'has 1 values for shape [3, 1]'],
    ['rows that differ', { x: x(1, 2), s: s('a') }, 's', 'has 1 rows where another input has 2'],
    ['a huge shape', { x: { ...x(1), dims: [2 ** 40, 1] }, s: s('a') }, 'x', 'has more than'],
    ['an inherited name', { x: x(1), toString: s('a') }, 'toString', 'is not an input'],
  ] as unknown as [string, Record<string, Tensor>, string, string][])(
    '%s',
    async (_, feeds, field, message) => {
      await expect(model.run(feeds)).rejects.toEqual(
        expect.objectContaining({
          code: 'invalid_request',
          details: { fields: expect.arrayContaining([{ field, message: expect.stringContaining(message) }]) },
        }),
      );
    },
  );
});

it('answers no rows with no rows', async () => {
  const outputs = await model.run({ x: x(), s: s() });
  expect(outputs['probabilities']!.dims).toEqual([0, 2]);
});

it('refuses to run once it is closed', async () => {
  const closed = await loadModel(buildFusedModel({ fitted, estimator }));
  await closed[Symbol.asyncDispose]();
  await closed[Symbol.asyncDispose]();
  await expect(closed.run({ x: x(1), s: s('a') })).rejects.toEqual(
    expect.objectContaining({ code: 'unavailable' }),
  );
});

describe('replayGolden', () => {
  it('says how far the model is from its trainer', async () => {
    expect(await replayGolden(model, golden)).toBeLessThan(1e-6);
  });

  const wrong = golden.outputs.probabilities.map((row) => row.map((p) => p + 1e-3));
  it.each([
    ['another value', { probabilities: wrong }],
    ['NaN', { probabilities: golden.outputs.probabilities.map(() => [null, 'NaN']) }],
    ['an unknown output', { prediction: [1, 2, 3, 4] }],
    ['another shape', { probabilities: golden.outputs.probabilities.slice(1) }],
  ])('fails with integrity on %s', async (_, outputs) => {
    await expect(replayGolden(model, { ...golden, outputs })).rejects.toEqual(
      expect.objectContaining({ code: 'integrity', retryable: false }),
    );
  });
});
