import { headerNames, InvalidRequest } from '@millrace/contracts';
import { thrownBy } from '@millrace/testing';
import { binaryBody, bytesOf, bytesTensor } from '../../testing/binary-body.js';
import type { InferCall } from '../infer-call.js';
import { compileInterface } from '../model-interface.js';
import { parseInferRequest } from '../parse-infer-request.js';

const limits = { maxBodyBytes: 10_000, maxRows: 100 };
const model = compileInterface({
  inputs: [
    { name: 'x', datatype: 'FP32', shape: [-1, 2] },
    { name: 'flag', datatype: 'BOOL', shape: [-1] },
    { name: 's', datatype: 'BYTES', shape: [-1, 1] },
  ],
  outputs: [
    { name: 'y', datatype: 'FP32', shape: [-1] },
    { name: 'z', datatype: 'BYTES', shape: [-1] },
  ],
});
const x = { name: 'x', datatype: 'FP32', shape: [2, 2], parameters: { binary_data_size: 16 } };
const flag = { name: 'flag', datatype: 'BOOL', shape: [2], parameters: { binary_data_size: 2 } };
const s = { name: 's', datatype: 'BYTES', shape: [2, 1], parameters: { binary_data_size: 13 } };
const values = Float32Array.of(1.5, NaN, -Infinity, 2 ** -149);
const truth = Uint8Array.of(1, 0);
const texts = bytesTensor('ä€', '');

const read = (
  json: unknown,
  tensors: Uint8Array[],
  headers: Record<string, string> = {},
  target = model,
): InferCall => {
  const sent = binaryBody(json, ...tensors);
  const all: Record<string, string> = { ...sent.headers, ...headers };
  return parseInferRequest(sent.body, { get: (name) => all[name] }, target, limits);
};

describe('tensors in binary', () => {
  it('become typed arrays, in the order of the inputs', () => {
    const { feeds, rows } = read({ inputs: [s, x, flag] }, [texts, bytesOf(values), truth]);
    expect(rows).toBe(2);
    expect(feeds).toEqual({
      x: { type: 'FP32', dims: [2, 2], data: values },
      flag: { type: 'BOOL', dims: [2], data: truth },
      s: { type: 'BYTES', dims: [2, 1], data: ['ä€', ''] },
    });
  });

  it('may stand beside tensors in JSON', () => {
    const { feeds } = read({ inputs: [{ ...flag, parameters: {}, data: [true, false] }, x, s] }, [
      bytesOf(values),
      texts,
    ]);
    expect([feeds['x']!.data, feeds['flag']!.data]).toEqual([values, truth]);
  });

  it('are not copied where they lie at a multiple of their size', () => {
    const one = compileInterface({ inputs: [model.signature.inputs[0]!], outputs: [] });
    const shared = [0, 1, 2, 3].map((offset) => {
      const { body, headers } = binaryBody({ inputs: [x] }, bytesOf(values));
      const memory = new ArrayBuffer(body.length + 4);
      const view = new Uint8Array(memory, offset, body.length);
      view.set(body);
      const { feeds } = parseInferRequest(view, { get: (name) => headers[name] }, one, limits);
      expect(feeds['x']!.data).toEqual(values);
      return (feeds['x']!.data as Float32Array).buffer === memory;
    });
    expect(shared.filter(Boolean)).toHaveLength(1);
  });

  const refused: [string, () => unknown, string, string][] = [
    [
      'a header beyond the body',
      () => read({}, [], { [headerNames.inferenceHeaderLength]: '3' }),
      headerNames.inferenceHeaderLength,
      'within the body of 2',
    ],
    ...['-1', '1.5', '0x2', '1e1', '99999999999', ' ', 'x'.repeat(1_000)].map(
      (header): [string, () => unknown, string, string] => [
        `the header '${header.slice(0, 12)}'`,
        () => read({}, [], { [headerNames.inferenceHeaderLength]: header }),
        headerNames.inferenceHeaderLength,
        'must be a number of bytes',
      ],
    ),
    [
      'a header inside of the JSON',
      () => read({ inputs: [x] }, [], { [headerNames.inferenceHeaderLength]: '5' }),
      'body',
      'is not JSON',
    ],
    [
      'JSON that goes on in the tensors',
      () => read({ inputs: [x] }, [bytesOf(values)], { [headerNames.inferenceHeaderLength]: '100' }),
      'body',
      'is not',
    ],
    [
      'missing bytes',
      () => read({ inputs: [flag, s, x] }, [truth, texts, bytesOf(values).subarray(4)]),
      'inputs[2].parameters.binary_data_size',
      'says 16 bytes, and 12 are left of the body',
    ],
    [
      'surplus bytes',
      () => read({ inputs: [flag, s, x] }, [truth, texts, bytesOf(values), truth]),
      'body',
      'has 2 bytes more than its inputs say',
    ],
    [
      'binary data without the header',
      () =>
        parseInferRequest(
          Buffer.from(JSON.stringify({ inputs: [x] })),
          { get: () => undefined },
          model,
          limits,
        ),
      'inputs[0].parameters.binary_data_size',
      'says 16 bytes, and 0 are left',
    ],
    [
      'a size that its shape does not say',
      () =>
        read({ inputs: [{ ...x, parameters: { binary_data_size: 12 } }, flag, s] }, [
          bytesOf(values).subarray(4),
          truth,
          texts,
        ]),
      'inputs[0].data',
      "input 'x' has 12 bytes where its shape [2,2] of FP32 says 16",
    ],
    ...[-1, 1.5, '16', null, 2 ** 53, [16]].map((size): [string, () => unknown, string, string] => [
      `a size of ${JSON.stringify(size)}`,
      () => read({ inputs: [{ ...x, parameters: { binary_data_size: size } }] }, []),
      'inputs[0].parameters.binary_data_size',
      'must be a number of bytes',
    ]),
    [
      'both data and binary data',
      () => read({ inputs: [{ ...x, data: [1, 2, 3, 4] }, flag, s] }, [bytesOf(values), truth, texts]),
      'inputs[0].data',
      'one of them is expected',
    ],
    [
      'neither',
      () => read({ inputs: [{ ...x, parameters: {} }, flag, s] }, [truth, texts]),
      'inputs[0].data',
      'must have data',
    ],
    [
      'a huge shape',
      () => read({ inputs: [{ ...x, shape: [2 ** 31, 2] }, flag, s] }, [bytesOf(values), truth, texts]),
      'inputs[0].shape',
      'more than its request can hold',
    ],
    [
      'a shape whose product overflows',
      () => read({ inputs: [{ ...x, shape: [2 ** 52, 2] }, flag, s] }, [bytesOf(values), truth, texts]),
      'inputs[0].shape',
      'more than its request can hold',
    ],
    [
      'truth beyond 1',
      () => read({ inputs: [x, flag, s] }, [bytesOf(values), Uint8Array.of(1, 255), texts]),
      'inputs[1].data[1]',
      'must be 0 or 1, not 255',
    ],
    [
      'parameters that are no object',
      () => read({ inputs: [{ ...x, parameters: [16] }] }, []),
      'inputs[0].parameters',
      'must be an object, not an array of 1',
    ],
    ...(
      [
        [
          'a length beyond the tensor',
          bytesTensor('ä€', 'abc').subarray(0, 13),
          '[1]',
          'says a length of 3 bytes, and 0',
        ],
        ['fewer elements', bytesTensor('ä€abcd'), '', 'ends before its element 1'],
        [
          'more elements',
          bytesTensor('ä', '', 'a').subarray(0, 15),
          '',
          'has 5 bytes more than the 2 elements',
        ],
        ['a NUL', bytesTensor('ä\0a', ''), '[0]', 'has a NUL byte'],
        ['a byte that is no UTF-8', bytesTensor('ä', Uint8Array.of(0xff)), '[1]', 'is not UTF-8'],
        ['half a surrogate pair', bytesTensor('', Uint8Array.of(0xed, 0xa0, 0x80)), '[1]', 'is not UTF-8'],
        ['an overlong form', bytesTensor('', Uint8Array.of(0xc0, 0x80)), '[1]', 'is not UTF-8'],
        ['a character cut off', bytesTensor('', Uint8Array.of(0xe2, 0x82)), '[1]', 'is not UTF-8'],
      ] as const
    ).map(([what, bytes, at, message]): [string, () => unknown, string, string] => [
      `BYTES with ${what}`,
      () =>
        read({ inputs: [x, flag, { ...s, parameters: { binary_data_size: bytes.length } }] }, [
          bytesOf(values),
          truth,
          bytes,
        ]),
      `inputs[2].data${at}`,
      message,
    ]),
  ];

  it.each(refused)('refuse %s', (_, act, field, message) => {
    const error = thrownBy(act);
    expect(error).toBeInstanceOf(InvalidRequest);
    expect(error.details?.fields?.[0]).toEqual({ field, message: expect.stringContaining(message) });
  });

  it('name the mistakes of all inputs, although one is not known', () => {
    const inputs = [{ ...x, name: 'w' }, { ...flag, datatype: 'INT8' }, s];
    const error = thrownBy(() => read({ inputs }, [bytesOf(values), truth, texts]));
    expect(error.details?.fields?.map(({ field }) => field)).toEqual([
      'inputs[0].name',
      'inputs[1].datatype',
      'inputs',
    ]);
  });

  it('carry U+FFFD where it was sent', () => {
    const bytes = bytesTensor('\ufffd', '');
    const sent = { ...s, parameters: { binary_data_size: bytes.length } };
    expect(read({ inputs: [x, flag, sent] }, [bytesOf(values), truth, bytes]).feeds['s']!.data).toEqual([
      '\ufffd',
      '',
    ]);
  });

  it('of shared memory are not supported', () => {
    const inputs = [{ ...x, parameters: { shared_memory_region: 'r', shared_memory_byte_size: 16 } }];
    expect(thrownBy(() => read({ inputs }, []))).toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('inputs[0].parameters.shared_memory_region'),
    });
  });
});
