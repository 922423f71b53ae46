import { headerNames } from '@millrace/contracts';
import { thrownBy } from '@millrace/testing';
import { bytesOf } from '../../testing/binary-body.js';
import type { InferCall } from '../infer-call.js';
import { compileInterface } from '../model-interface.js';
import { parseInferRequest } from '../parse-infer-request.js';

const limits = { maxBodyBytes: 10_000, maxRows: 100 };

describe('a raw request', () => {
  const raw: Record<string, string> = { [headerNames.inferenceHeaderLength]: '0' };
  const send = (datatype: string, shape: number[], bytes: Uint8Array, others: number[][] = []): InferCall => {
    const target = compileInterface({
      inputs: [shape, ...others].map((dims, i) => ({ name: `x${i}`, datatype, shape: dims })),
      outputs: [{ name: 'y', datatype: 'FP32', shape: [-1] }],
    });
    return parseInferRequest(bytes, { get: (name) => raw[name] }, target, limits);
  };

  it.each<[string, string, number[], Uint8Array, unknown]>([
    [
      'one row',
      'FP32',
      [-1, 2],
      bytesOf(Float32Array.of(1, 2)),
      { dims: [1, 2], data: Float32Array.of(1, 2) },
    ],
    [
      'one row of variable length',
      'INT16',
      [-1, -1, 2],
      new Uint8Array(12),
      { dims: [1, 3, 2], data: new Int16Array(6) },
    ],
    ['one text', 'BYTES', [-1, 1], Buffer.from('ä€'), { dims: [1, 1], data: ['ä€'] }],
  ])('is %s', (_, datatype, shape, bytes, expected) => {
    expect(send(datatype, shape, bytes)).toMatchObject({
      id: undefined,
      rows: 1,
      feeds: { x0: expected },
      outputs: [{ name: 'y', binary: true, top: 0 }],
    });
  });

  it.each<[string, string, number[], Uint8Array, number[][], string, string]>([
    ['several inputs', 'FP32', [-1], new Uint8Array(4), [[-1]], 'unsupported', 'this model has 2'],
    ['two variable dimensions', 'FP32', [-1, -1, -1], new Uint8Array(4), [], 'unsupported', 'cannot be told'],
    ['several texts', 'BYTES', [-1, 2], new Uint8Array(4), [], 'unsupported', 'cannot be told'],
    ['too few bytes', 'FP32', [-1, 2], new Uint8Array(7), [], 'invalid_request', 'has 7 bytes where'],
    [
      'a part of a row',
      'FP32',
      [-1, -1, 2],
      new Uint8Array(12),
      [],
      'invalid_request',
      'has 12 bytes, which is no shape',
    ],
    ['nothing', 'FP32', [-1, -1], new Uint8Array(0), [], 'invalid_request', 'has 0 bytes'],
    ['bytes that are no text', 'BYTES', [-1, 1], Uint8Array.of(0xff), [], 'invalid_request', 'is not UTF-8'],
  ])('of %s is refused', (_, datatype, shape, bytes, others, code, message) => {
    expect(thrownBy(() => send(datatype, shape, bytes, others))).toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});
