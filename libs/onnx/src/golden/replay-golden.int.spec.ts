import type { DomainError } from '@millrace/contracts';
import { buildFusedModel } from '../graph/build-fused-model.js';
import { loadModel } from '../model/load-model.js';
import type { OnnxModel } from '../model/onnx-model.js';
import { loadVerified } from './load-verified.js';
import { differenceFrom, replayGolden } from './replay-golden.js';

/** prediction = 2·x + 1 */
const line = buildFusedModel({
  fitted: {
    version: 1,
    columns: [
      {
        name: 'x',
        kind: 'number',
        parts: [{ encode: 'number', fill: 0, center: 0, factor: 1, part: null, offset: 0, width: 1 }],
      },
    ],
    features: ['x'],
  },
  estimator: { kind: 'linear', features: 1, coefficients: Float64Array.of(2), intercept: 1 },
});
const rows = [{ x: 1 }, { x: 2 }, { x: null }];
const golden = (prediction: number[][], more: object = {}) => ({
  rows,
  outputs: { prediction },
  tolerance: 1e-5,
  ...more,
});

describe('replayGolden', () => {
  let model: OnnxModel;
  beforeAll(async () => {
    model = await loadModel(line);
  });
  afterAll(() => model[Symbol.asyncDispose]());

  const errorOf = (sample: ReturnType<typeof golden>): Promise<DomainError> =>
    replayGolden(model, sample).then(
      () => Promise.reject(new Error('it agreed')),
      (error: DomainError) => error,
    );

  it('agrees within the tolerance, and says by how much', async () => {
    expect(await replayGolden(model, golden([[3], [5], [1]]))).toBe(0);
    expect(await replayGolden(model, golden([[3], [5.000005], [1]]))).toBeCloseTo(5e-6, 9);
  });

  it('names output and row of a difference', async () => {
    const error = await errorOf(golden([[3], [5.1], [1]]));
    expect(error.code).toBe('integrity');
    expect(error.message).toContain("output 'prediction'");
    expect(error.message).toContain('in row 1');
    expect(error.details).toMatchObject({ output: 'prediction', row: 1, tolerance: 1e-5 });
  });

  it.each<[string, ReturnType<typeof golden>]>([
    ['NaN', golden([[3], [NaN], [1]])],
    ['a missing row', golden([[3], [5]])],
    ['a value too many', golden([[3], [5, 5], [1]])],
    ['an output that the model lacks', golden([[3], [5], [1]], { outputs: { label: [1, 2, 3] } })],
    ['no outputs', golden([], { outputs: {} })],
    ['no rows', golden([], { rows: [] })],
    ['an unknown column', golden([[3]], { rows: [{ y: 1 }] })],
    ['a tolerance that is no number', golden([[4], [5], [1]], { tolerance: undefined })],
  ])('refuses %s', async (_, sample) => {
    expect((await errorOf(sample)).code).toBe('integrity');
  });
});

describe('differenceFrom', () => {
  it('compares texts as a whole', () => {
    const tensor = { type: 'BYTES' as const, dims: [2], data: ['a', 'b'] };
    expect(differenceFrom(['a', 'b'], tensor)).toBe(0);
    expect(differenceFrom(['a', 'c'], tensor)).toBe(Infinity);
  });
});

describe('loadVerified', () => {
  const signature = {
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 1] }],
    outputs: [{ name: 'prediction', datatype: 'FP32', shape: [-1, 1] }],
  };
  const sample = golden([[3], [5], [1]]);

  it('loads a model that is what its manifest says', async () => {
    await using model = await loadVerified(line, { signature, golden: sample });
    expect(model.signature.inputs[0]).toMatchObject({ name: 'x', datatype: 'FP32' });
  });

  it.each<[string, object]>([
    [
      'inputs',
      {
        signature: { ...signature, inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }] },
        golden: sample,
      },
    ],
    ['outputs', { signature: { ...signature, outputs: [] }, golden: sample }],
    ['golden sample', { signature, golden: golden([[3], [5], [2]]) }],
  ])('refuses other %s', async (_, manifest) => {
    await expect(loadVerified(line, manifest as never)).rejects.toMatchObject({ code: 'integrity' });
  });

  it('refuses bytes that are no model', async () => {
    const bytes = line.slice(0, line.length >> 1);
    await expect(loadVerified(bytes, { signature, golden: sample })).rejects.toMatchObject({
      code: 'data_invalid',
    });
  });
});
