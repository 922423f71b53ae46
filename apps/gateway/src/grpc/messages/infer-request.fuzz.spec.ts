import { InvalidRequest } from '@millrace/contracts';
import fc from 'fast-check';
import { messageType } from './protocol.js';
import { readInferRequest, toInferBody } from './read-infer-request.js';

const type = messageType('inference.ModelInferRequest');
const encode = (message: object): Buffer => Buffer.from(type.encode(type.fromObject(message)).finish());

const raw = encode({
  ...{ model_name: 'm', model_version: '1', id: 'é' },
  parameters: { priority: { uint64_param: 1 }, text: { string_param: 'ü' }, f: { double_param: 0.5 } },
  inputs: [
    { name: 'x', datatype: 'FP32', shape: [1, 2], parameters: { p: { bool_param: true } } },
    { name: 't', datatype: 'BYTES', shape: [1] },
  ],
  outputs: [{ name: 'y', parameters: { classification: { int64_param: 2 } } }],
  raw_input_contents: [Buffer.alloc(8, 1), Buffer.from([1, 0, 0, 0, 255])],
});
const typed = encode({
  model_name: 'm',
  inputs: [
    { name: 'a', datatype: 'INT8', shape: [2], contents: { int_contents: [-128, 127] } },
    { name: 'b', datatype: 'FP64', shape: [1], contents: { fp64_contents: [1.5] } },
    { name: 'c', datatype: 'UINT64', shape: [1], contents: { uint64_contents: [1] } },
    { name: 'd', datatype: 'BYTES', shape: [1], contents: { bytes_contents: [Buffer.from([255])] } },
    { name: 'e', datatype: 'BOOL', shape: [1], contents: { bool_contents: [true] } },
  ],
});

interface Body {
  inputs: { parameters: { binary_data_size: number } }[];
}

/** A body whose JSON says where its tensors are, or a refusal: nothing else. */
const outcome = (message: Buffer): 'body' | 'refused' => {
  try {
    const { body, jsonLength } = toInferBody(readInferRequest(message));
    const { inputs } = JSON.parse(body.toString('utf8', 0, jsonLength)) as Body;
    const sizes = inputs.map(({ parameters }) => parameters.binary_data_size);
    expect(sizes.reduce((sum, size) => sum + size, jsonLength)).toBe(body.length);
    return 'body';
  } catch (error) {
    if (error instanceof InvalidRequest) return 'refused';
    throw error;
  }
};

describe('any ModelInferRequest', () => {
  it('is a body where nothing is wrong', () => {
    expect([raw, typed].map(outcome)).toEqual(['body', 'body']);
  });

  it('is a body or refused, whichever bytes are changed, cut off or put in', () => {
    const outcomes = new Set<string>();
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      with: fc.uint8Array({ maxLength: 6 }),
      cut: fc.nat(6),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(raw, typed),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (good, changes) => {
          let message = good;
          for (const { at, with: bytes, cut } of changes) {
            const from = Math.floor(at * message.length);
            message = Buffer.concat([message.subarray(0, from), bytes, message.subarray(from + cut)]);
          }
          outcomes.add(outcome(message));
        },
      ),
      { numRuns: 3_000 },
    );
    expect(outcomes).toEqual(new Set(['body', 'refused']));
  });

  it('is a body or refused, whatever bytes it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void outcome(Buffer.from(bytes))),
      { numRuns: 1_000 },
    );
  });

  it.each<[string, object, RegExp]>([
    ['too many inputs', { inputs: Array(1_025).fill({}) }, /^inputs: has 1025 entries/],
    ['too many dimensions', { inputs: [{ shape: Array(65).fill(1) }] }, /^inputs\[0\]\.shape: has 65/],
  ])('is refused with %s', (_, message, reason) => {
    expect(() => toInferBody(readInferRequest(encode(message)))).toThrow(reason);
  });

  it('is refused with a text that is none, or nested without bottom', () => {
    expect(() => readInferRequest(Buffer.from([0x0a, 1, 0xff]))).toThrow(/^message: is no ModelInferRequest/);
    expect(() => readInferRequest(Buffer.alloc(100_000, 0x0b))).toThrow(/^message: is no ModelInferRequest/);
  });
});
