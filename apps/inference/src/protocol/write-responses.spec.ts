import { headerNames, type InferResponse } from '@millrace/contracts';
import { bytesTensor, splitBinaryBody } from '../testing/binary-body.js';
import type { RequestedOutput } from './infer-call.js';
import { compileInterface, type ModelInterface } from './model-interface.js';
import type { Feeds } from './tensor.js';
import { writeInferResponse } from './write-infer-response.js';
import { writeRowsResponse } from './write-rows-response.js';

const model = (outputs: Feeds): ModelInterface =>
  compileInterface({
    inputs: [],
    outputs: Object.entries(outputs).map(([name, { type, dims }]) => ({ name, datatype: type, shape: dims })),
  });
const answerer = { name: 'e', version: '3' };
const text = (outputs: Feeds, id?: string): string => {
  const target = model(outputs);
  const call = { id, outputs: target.everyOutput.json };
  return Buffer.from(writeInferResponse(answerer, call, outputs, target).data).toString();
};
const infer = (outputs: Feeds, id?: string): unknown => JSON.parse(text(outputs, id));
const predictions = (outputs: Feeds, rows: number, classes?: (string | number | boolean)[]): unknown => {
  const data = writeRowsResponse({ ...answerer, classes }, { id: undefined, rows }, outputs);
  return (JSON.parse(Buffer.from(data).toString()) as { predictions: unknown }).predictions;
};

describe('an Open Inference Protocol response', () => {
  it.each<[string, Feeds[string], unknown[]]>([
    ['numbers', { type: 'FP64', dims: [3], data: new Float64Array([0.1, -0, 1e300]) }, [0.1, -0, 1e300]],
    [
      'what JSON has no word for',
      { type: 'FP32', dims: [3], data: new Float32Array([NaN, Infinity, -Infinity]) },
      [null, null, null],
    ],
    ['truth', { type: 'BOOL', dims: [2], data: new Uint8Array([1, 0]) }, [true, false]],
    ['small integers', { type: 'UINT8', dims: [2], data: new Uint8Array([1, 0]) }, [1, 0]],
    ['halves', { type: 'FP16', dims: [3], data: new Uint16Array([0x2e66, 0x7e00, 0x8000]) }, [0.1, null, -0]],
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
    expect(text({ y })).toContain('"data":[9223372036854775807]');
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

describe('a response in binary', () => {
  const outputs: Feeds = {
    x: { type: 'FP32', dims: [2, 1], data: Float32Array.of(0.1, NaN) },
    s: { type: 'BYTES', dims: [2], data: ['ä€', ''] },
    'ü"': { type: 'INT64', dims: [2], data: BigInt64Array.of(1n, -(2n ** 63n)) },
  };
  const write = (...asked: RequestedOutput[]) => {
    const result = writeInferResponse(answerer, { id: 'ä', outputs: asked }, outputs, model(outputs));
    return splitBinaryBody<InferResponse>(result.data, result.headers?.[headerNames.inferenceHeaderLength]);
  };

  it('has the tensors behind its JSON, in the order of its outputs', () => {
    const { json, raw } = write(
      { name: 's', binary: true, top: 0 },
      { name: 'x', binary: false, top: 0 },
      { name: 'ü"', binary: true, top: 0 },
    );
    expect(json).toEqual({
      model_name: 'e',
      model_version: '3',
      id: 'ä',
      outputs: [
        { name: 's', datatype: 'BYTES', shape: [2], parameters: { binary_data_size: 13 } },
        { name: 'x', datatype: 'FP32', shape: [2, 1], data: [0.1, null] },
        { name: 'ü"', datatype: 'INT64', shape: [2], parameters: { binary_data_size: 16 } },
      ],
    });
    expect(raw['s']).toEqual(bytesTensor('ä€', ''));
    expect(raw['ü"']).toEqual(Buffer.from('0100000000000000' + '0000000000000080', 'hex'));
  });

  it('keeps what JSON has no word for', () => {
    expect(write({ name: 'x', binary: true, top: 0 }).raw['x']).toEqual(
      Buffer.from('cdcccc3d0000c07f', 'hex'),
    );
  });
});

describe('the highest classes', () => {
  const write = (tensor: Feeds[string], top: number, classes?: string[]) => {
    const target = compileInterface({
      inputs: [],
      outputs: [{ name: 'y', datatype: tensor.type, shape: tensor.dims.length === 2 ? [-1, 4] : [4] }],
    });
    const call = { id: undefined, outputs: [{ name: 'y', binary: false, top }] };
    const { data } = writeInferResponse({ ...answerer, classes }, call, { y: tensor }, target);
    return (JSON.parse(Buffer.from(data).toString()) as InferResponse).outputs[0];
  };
  const rows = { type: 'FP32' as const, dims: [2, 4], data: Float32Array.of(1, 5, 10, 4, NaN, -1, 0.1, 0.1) };

  // The first row is the example of Triton's documentation.
  it('are texts of value and index, row by row', () => {
    expect(write(rows, 2)).toEqual({
      name: 'y',
      datatype: 'BYTES',
      shape: [2, 2],
      data: ['10:2', '5:1', '0.1:2', '0.1:3'],
    });
  });

  it('have the class where the model says what values stand for', () => {
    expect(write(rows, 9, ['apple', 'pickle', 'pear', 'a:b'])).toMatchObject({
      shape: [2, 4],
      data: [
        '10:2:pear',
        '5:1:pickle',
        '4:3:a:b',
        '1:0:apple',
        '0.1:2:pear',
        '0.1:3:a:b',
        '-1:1:pickle',
        'NaN:0:apple',
      ],
    });
  });

  it('of a model without rows are one list, exact also beyond 53 bits', () => {
    const y = {
      type: 'INT64' as const,
      dims: [4],
      data: BigInt64Array.of(2n ** 60n, 2n ** 60n + 1n, -5n, 0n),
    };
    expect(write(y, 1)).toMatchObject({ shape: [1], data: ['1152921504606846977:1'] });
    expect(
      write({ type: 'FP16', dims: [4], data: Uint16Array.of(0x2e66, 0x3c00, 0x8000, 0xfc00) }, 2),
    ).toMatchObject({
      data: ['1:1', '0.1:0'],
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
