import type { Feeds } from './tensor.js';
import { writeInferResponse } from './write-infer-response.js';
import { writeRowsResponse } from './write-rows-response.js';

const answer = { name: 'e', version: '3', id: undefined };
const infer = (outputs: Feeds, id?: string): unknown =>
  JSON.parse(Buffer.from(writeInferResponse({ ...answer, id }, outputs, Object.keys(outputs))).toString());
const predictions = (outputs: Feeds, rows: number, classes?: (string | number | boolean)[]): unknown =>
  (
    JSON.parse(Buffer.from(writeRowsResponse(answer, { outputs, rows, classes })).toString()) as {
      predictions: unknown;
    }
  ).predictions;

describe('an Open Inference Protocol response', () => {
  it.each<[string, Feeds[string], unknown[]]>([
    ['numbers', { type: 'FP64', dims: [3], data: new Float64Array([0.1, -0, 1e300]) }, [0.1, 0, 1e300]],
    [
      'what JSON has no word for',
      { type: 'FP32', dims: [3], data: new Float32Array([NaN, Infinity, -Infinity]) },
      [null, null, null],
    ],
    ['truth', { type: 'BOOL', dims: [2], data: new Uint8Array([1, 0]) }, [true, false]],
    ['small integers', { type: 'UINT8', dims: [2], data: new Uint8Array([1, 0]) }, [1, 0]],
    ['text', { type: 'BYTES', dims: [2], data: ['a"\n', 'ä€😀'] }, ['a"\n', 'ä€😀']],
  ])('holds %s', (_, tensor, data) => {
    expect(infer({ y: tensor })).toEqual({
      model_name: 'e',
      model_version: '3',
      outputs: [{ name: 'y', datatype: tensor.type, shape: tensor.dims, data }],
    });
  });

  it('keeps every digit of 64-bit integers', () => {
    const y = { type: 'INT64' as const, dims: [1], data: new BigInt64Array([2n ** 63n - 1n]) };
    expect(Buffer.from(writeInferResponse(answer, { y }, ['y'])).toString()).toContain(
      '"data":[9223372036854775807]',
    );
  });

  it('echoes the id, whatever is in it', () => {
    expect(infer({}, 'a"\u2028')).toEqual({
      model_name: 'e',
      model_version: '3',
      id: 'a"\u2028',
      outputs: [],
    });
  });
});

describe('predictions in words', () => {
  const label = { type: 'INT64' as const, dims: [2], data: new BigInt64Array([1n, 0n]) };
  const probabilities = { type: 'FP32' as const, dims: [2, 2], data: new Float32Array([0.25, 0.75, 1, NaN]) };

  it('name classes', () => {
    expect(predictions({ label, probabilities }, 2, [false, true])).toEqual([
      { label: true, probabilities: { false: 0.25, true: 0.75 } },
      { label: false, probabilities: { false: 1, true: null } },
    ]);
  });

  it('leave an index without a name, and lists, as they are', () => {
    expect(predictions({ label, probabilities }, 2)).toEqual([
      { label: 1, probabilities: [0.25, 0.75] },
      { label: 0, probabilities: [1, null] },
    ]);
    expect(predictions({ label }, 2, ['a'])).toEqual([{ label: 1 }, { label: 'a' }]);
  });

  it('write integers that JSON would round as text', () => {
    const big = { type: 'INT64' as const, dims: [1, 1], data: new BigInt64Array([2n ** 60n + 1n]) };
    expect(predictions({ big }, 1)).toEqual([{ big: '1152921504606846977' }]);
  });

  it('of a model that does not answer by row are the whole of its output', () => {
    const y = { type: 'FP32' as const, dims: [3], data: new Float32Array([1, 2, 3]) };
    expect(predictions({ y }, 1)).toEqual([{ y: [1, 2, 3] }]);
  });
});
