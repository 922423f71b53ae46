import { datatypes, type Datatype, type DomainError } from '@millrace/contracts';
import { isCarried, tensorArrays } from '@millrace/onnx';
import fc from 'fast-check';
import { binaryBody, bytesOf, bytesTensor } from '../../testing/binary-body.js';
import type { TensorData } from '../element-readers.js';
import { compileInterface } from '../model-interface.js';
import { parseInferRequest } from '../parse-infer-request.js';
import type { Tensor } from '../tensor.js';
import { readElements } from './read-elements.js';
import { binarySize, writeElements } from './write-elements.js';

const model = compileInterface({
  inputs: [
    { name: 'mass', datatype: 'FP32', shape: [-1, 1] },
    { name: 'island', datatype: 'BYTES', shape: [-1, 1] },
    { name: 'at', datatype: 'INT64', shape: [-1, 1] },
  ],
  outputs: [{ name: 'label', datatype: 'INT64', shape: [-1] }],
});

describe('any binary body', () => {
  const raw = (name: string, datatype: string, bytes: Uint8Array) => ({
    tensor: { name, datatype, shape: [2, 1], parameters: { binary_data_size: bytes.length as unknown } },
    bytes,
  });
  const parts = [
    raw('mass', 'FP32', bytesOf(Float32Array.of(1, NaN))),
    raw('island', 'BYTES', bytesTensor('Dream', 'ä€')),
    raw('at', 'INT64', bytesOf(BigInt64Array.of(1n, -(2n ** 63n)))),
  ];
  const good = binaryBody(
    { inputs: parts.map(({ tensor }) => tensor), parameters: { binary_data_output: true } },
    ...parts.map(({ bytes }) => bytes),
  );
  const outcome = (body: Uint8Array, header: string | undefined): string => {
    try {
      const call = parseInferRequest(body, { get: () => header }, model, {
        maxBodyBytes: 10_000,
        maxRows: 100,
      });
      // What was read is what the model takes.
      for (const [name, { spec }] of model.inputs) {
        const { type, dims, data } = call.feeds[name]!;
        if (type !== spec.datatype || dims.length !== 2 || data.length !== call.rows) return 'misread';
      }
      return 'read';
    } catch (error) {
      return (error as DomainError).code ?? (error as Error).message;
    }
  };
  const known = ['read', 'invalid_request', 'payload_too_large', 'unsupported'];
  const length = Number(good.headers['Inference-Header-Content-Length']);

  it('is read where nothing is wrong', () => expect(outcome(good.body, String(length))).toBe('read'));

  it('is read or refused, whichever bytes are changed, cut off or put in, and whatever the header says', () => {
    const at = fc.nat(good.body.length);
    const change = fc.oneof(
      fc.record({ at, with: fc.uint8Array({ minLength: 1, maxLength: 4 }), cut: fc.nat(4) }),
      fc.record({ at, with: fc.constant(new Uint8Array(0)), cut: fc.nat(good.body.length) }),
      // Where the numbers of the tensors' lengths are.
      fc.record({
        at: fc.integer({ min: length, max: good.body.length }),
        with: fc.uint8Array({ minLength: 4, maxLength: 4 }),
        cut: fc.constant(4),
      }),
    );
    const header = fc.oneof(
      fc.constant(String(length)),
      fc.nat(good.body.length + 4).map(String),
      fc.string(),
      fc.constant(undefined),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3 }), header, (changes, said) => {
        let body: Buffer = Buffer.from(good.body);
        for (const { at, cut, with: bytes } of changes)
          body = Buffer.concat([body.subarray(0, at), bytes, body.subarray(at + cut)]);
        expect(known).toContain(outcome(body, said));
      }),
      { numRuns: 600 },
    );
  });

  it('is read or refused, whatever its JSON says of the tensors', () => {
    const leaf = fc.oneof(
      fc.constantFrom<unknown>('mass', 'FP32', 8, 0, -1, 2 ** 31, 2 ** 53, [2, 1], [2 ** 31, 1], true, null),
      fc.jsonValue(),
    );
    const parameters = fc.record(
      {
        binary_data_size: leaf,
        binary_data: leaf,
        binary_data_output: leaf,
        classification: leaf,
        timeout: leaf,
      },
      { requiredKeys: [] },
    );
    const tensor = fc.record(
      { name: leaf, datatype: leaf, shape: leaf, data: leaf, parameters: fc.oneof(parameters, leaf) },
      { requiredKeys: [] },
    );
    const inputs = fc.tuple(
      ...parts.map((part) =>
        fc.oneof(
          fc.constant(part.tensor),
          tensor.map((changed) => ({ ...part.tensor, ...changed })),
        ),
      ),
    );
    const request = fc.record(
      { inputs, outputs: fc.oneof(fc.array(tensor), leaf), parameters: fc.oneof(parameters, leaf) },
      { requiredKeys: ['inputs'] },
    );
    fc.assert(
      fc.property(request, (json) => {
        const { body, headers } = binaryBody(json, ...parts.map(({ bytes }) => bytes));
        expect(known).toContain(outcome(body, headers['Inference-Header-Content-Length']));
      }),
      { numRuns: 300 },
    );
  });

  it('comes back from what is written', () => {
    const elements = (type: Datatype, length: number): fc.Arbitrary<TensorData> =>
      type === 'BYTES'
        ? fc.array(fc.string({ unit: 'binary' }).filter(isCarried), { minLength: length, maxLength: length })
        : fc
            .uint8Array({ minLength: length * 8, maxLength: length * 8, max: type === 'BOOL' ? 1 : 255 })
            .map((bytes) => new tensorArrays[type](bytes.slice().buffer, 0, length));
    const tensor = fc
      .tuple(fc.constantFrom(...datatypes), fc.integer({ min: 1, max: 20 }))
      .chain(([type, length]) =>
        elements(type, length).map((data): Tensor => ({ type, dims: [length, 1], data })),
      );
    fc.assert(
      fc.property(tensor, fc.nat(7), (written, offset) => {
        const { type, dims } = written;
        const out = Buffer.alloc(offset + binarySize(written) + 1);
        const end = writeElements(written, out, offset);
        expect(end).toBe(out.length - 1);
        const target = compileInterface({
          inputs: [{ name: 'x', datatype: type, shape: [-1, 1] }],
          outputs: [],
        });
        const read = readElements(out.subarray(offset, end), dims, dims[0]!, target.inputs.get('x')!, 'x');
        expect(read).toEqual(written.data);
      }),
    );
  });
});
