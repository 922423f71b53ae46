import type { ModelSignature } from '@millrace/contracts';
import { thrownBy } from '@millrace/testing';
import { compileInterface } from './model-interface.js';
import type { InferCall } from './infer-call.js';
import { parseInferRequest } from './parse-infer-request.js';

const signature: ModelSignature = {
  inputs: [
    { name: 'mass', datatype: 'FP32', shape: [-1, 1], column: 'number' },
    { name: 'island', datatype: 'BYTES', shape: [-1, 1], column: 'string' },
    { name: 'at', datatype: 'INT64', shape: [-1, 1], column: 'timestamp' },
  ],
  outputs: [{ name: 'label', datatype: 'INT64', shape: [-1] }],
};
const limits = { maxBodyBytes: 10_000, maxRows: 100 };
const model = compileInterface(signature);
const noHeaders = { get: () => undefined };

const parseText = (text: string, target = model): InferCall =>
  parseInferRequest(Buffer.from(text), noHeaders, target, limits);
const parse = (body: unknown, target = model): InferCall => parseText(JSON.stringify(body), target);
const mistakes = (act: () => unknown) => thrownBy(act).details?.fields;

const mass = { name: 'mass', datatype: 'FP32', shape: [2, 1], data: [1.5, 2] };
const island = { name: 'island', datatype: 'BYTES', shape: [2, 1], data: ['Dream', 'Biscoe'] };
const at = { name: 'at', datatype: 'INT64', shape: [2, 1], data: [0, -1] };
const body = { inputs: [mass, island, at] };
const withMass = (change: object) => ({ inputs: [{ ...mass, ...change }, island, at] });
const withAt = (data: string) =>
  JSON.stringify({ inputs: [mass, island, { ...at, data: '@' }] }).replace('"@"', data);

describe('a good request', () => {
  it('becomes typed arrays', () => {
    const call = parse({ id: 'a', ...body });
    expect(call).toMatchObject({ id: 'a', rows: 2, outputs: [{ name: 'label', binary: false, top: 0 }] });
    expect(call.feeds['mass']).toEqual({ type: 'FP32', dims: [2, 1], data: new Float32Array([1.5, 2]) });
    expect(call.feeds['island']!.data).toEqual(['Dream', 'Biscoe']);
    expect(call.feeds['at']!.data).toEqual(new BigInt64Array([0n, -1n]));
  });

  it('may nest its data, order its inputs and choose its outputs', () => {
    const call = parse({
      inputs: [at, { ...island, data: [['Dream'], ['Biscoe']] }, { ...mass, data: [[1.5], [2]] }],
      outputs: [{ name: 'label' }],
    });
    expect(call.feeds['mass']!.data).toEqual(new Float32Array([1.5, 2]));
    expect(call.feeds['island']!.data).toEqual(['Dream', 'Biscoe']);
    expect(call.outputs).toEqual([{ name: 'label', binary: false, top: 0 }]);
  });

  it('says a missing raw value by null', () => {
    const call = parse({
      inputs: [{ ...mass, data: [null, 2] }, { ...island, data: ['Dream', null] }, at],
    });
    expect(call.feeds['mass']!.data).toEqual(new Float32Array([NaN, 2]));
    expect(call.feeds['island']!.data).toEqual(['Dream', '']);
    expect(parseText(withAt('[null,0]')).feeds['at']!.data).toEqual(new BigInt64Array([-(2n ** 63n), 0n]));
  });

  it('keeps every digit of 64-bit integers', () => {
    const call = parseText(withAt('[9223372036854775807,-9223372036854775808]'));
    expect(call.feeds['at']!.data).toEqual(new BigInt64Array([2n ** 63n - 1n, -(2n ** 63n)]));
    const nested = parseText(withAt('[[9007199254740993],[7]]'));
    expect(nested.feeds['at']!.data).toEqual(new BigInt64Array([9007199254740993n, 7n]));
  });

  it('keeps them beside strings that look like them, quotes and escapes', () => {
    const strings = ['1234567890123456789', 'a"12345678901234567\\'];
    const text = JSON.stringify({ inputs: [{ ...island, data: strings }, mass, { ...at, data: '@' }] });
    const call = parseText(text.replace('"@"', '[1234567890123456789, 1e3]'));
    expect(call.feeds['island']!.data).toEqual(strings);
    expect(call.feeds['at']!.data).toEqual(new BigInt64Array([1234567890123456789n, 1000n]));
  });

  it('of a model with fixed dimensions is one run, not rows', () => {
    const fixed = compileInterface({
      inputs: [{ name: 'x', datatype: 'FP64', shape: [2, 3] }],
      outputs: [{ name: 'y', datatype: 'FP64', shape: [2] }],
    });
    const x = {
      name: 'x',
      datatype: 'FP64',
      shape: [2, 3],
      data: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    };
    expect(parse({ inputs: [x] }, fixed)).toMatchObject({ rows: 1 });
    expect(
      mistakes(() =>
        parse(
          {
            inputs: [
              {
                ...x,
                data: [
                  [1, 2, 3],
                  [4, 5],
                ],
              },
            ],
          },
          fixed,
        ),
      ),
    ).toEqual([
      { field: 'inputs[0].data[1]', message: "input 'x' has 2 values where its shape [2,3] says 3" },
    ]);
  });
});

describe('a mistake is named', () => {
  it.each<[string, () => unknown, string, string]>([
    [
      'unknown input',
      () => parse(withMass({ name: 'wing' })),
      'inputs[0].name',
      "no input \"wing\"; it has 'mass', 'island', 'at'",
    ],
    ['name of another type', () => parse(withMass({ name: 7 })), 'inputs[0].name', 'no input 7'],
    [
      'name of a property of all objects',
      () => parse(withMass({ name: 'constructor' })),
      'inputs[0].name',
      'no input "constructor"',
    ],
    [
      'duplicate input',
      () => parse({ inputs: [mass, mass, island] }),
      'inputs[1].name',
      "'mass' is given twice",
    ],
    ['missing input', () => parse({ inputs: [mass, at] }), 'inputs', "'island' is missing"],
    ['no tensor', () => parse({ inputs: [mass, null, at] }), 'inputs[1]', 'must be a tensor, not null'],
    [
      'too many inputs',
      () => parse({ inputs: [mass, island, at, at] }),
      'inputs',
      'has 4 tensors; the model has 3',
    ],
    [
      'wrong datatype',
      () => parse(withMass({ datatype: 'FP64' })),
      'inputs[0].datatype',
      '\'mass\' must be FP32, not "FP64"',
    ],
    [
      'wrong rank',
      () => parse(withMass({ shape: [2] })),
      'inputs[0].shape',
      'must have 2 dimensions [-1,1], not 1',
    ],
    ['no shape', () => parse(withMass({ shape: undefined })), 'inputs[0].shape', 'has no shape'],
    [
      'wrong dimension',
      () => parse(withMass({ shape: [1, 2] })),
      'inputs[0].shape[1]',
      'must have shape [-1,1], and this dimension is 2',
    ],
    [
      'negative dimension',
      () => parse(withMass({ shape: [-2, 1] })),
      'inputs[0].shape[0]',
      'at least 1, not -2',
    ],
    ['empty', () => parse(withMass({ shape: [0, 1], data: [] })), 'inputs[0].shape[0]', 'at least 1, not 0'],
    [
      'too few elements',
      () => parse(withMass({ data: [1] })),
      'inputs[0].data',
      'has 1 elements where its shape [2,1] says 2',
    ],
    [
      'huge shape',
      () => parse(withMass({ shape: [1e12, 1], data: [[1]] })),
      'inputs[0].shape',
      'more than its request can hold',
    ],
    [
      'no data',
      () => parse(withMass({ data: undefined })),
      'inputs[0].data',
      'must have data: an array, not nothing',
    ],
    [
      'text for a number',
      () => parse(withMass({ data: [1, '2'] })),
      'inputs[0].data[1]',
      '\'mass\' must be a number within the range of FP32, not "2"',
    ],
    ['boolean for a number', () => parse(withMass({ data: [true, 2] })), 'inputs[0].data[0]', 'not true'],
    ['number beyond FP32', () => parse(withMass({ data: [1e39, 2] })), 'inputs[0].data[0]', 'not 1e+39'],
    [
      'number beyond FP64',
      () => parseText(JSON.stringify(body).replace('1.5', '1e400')),
      'inputs[0].data[0]',
      'not a number beyond FP64',
    ],
    ['nested text', () => parse(withMass({ data: [[1], ['2']] })), 'inputs[0].data[1][0]', 'not "2"'],
    [
      'mixed nesting',
      () => parse(withMass({ data: [[1], 2] })),
      'inputs[0].data[1]',
      'must be an array, not 2',
    ],
    [
      'deeper nesting',
      () => parse(withMass({ data: [[[1]], [[2]]] })),
      'inputs[0].data[0][0]',
      'not an array of 1',
    ],
    [
      'number for text',
      () => parse({ inputs: [mass, { ...island, data: ['a', 5] }, at] }),
      'inputs[1].data[1]',
      'must be a string',
    ],
    [
      'lone surrogate',
      () => parse({ inputs: [mass, { ...island, data: ['a', '\ud800'] }, at] }),
      'inputs[1].data[1]',
      'not a string with a lone surrogate',
    ],
    [
      'fraction for an integer',
      () => parseText(withAt('[0.5,0]')),
      'inputs[2].data[0]',
      'must be an integer from -9223372036854775808 to 9223372036854775807, not 0.5',
    ],
    [
      'int64 overflow',
      () => parseText(withAt('[0,9223372036854775808]')),
      'inputs[2].data[1]',
      'not 9223372036854775808',
    ],
    ['int64 by exponent', () => parseText(withAt('[1e30,0]')), 'inputs[2].data[0]', 'not 1e+30'],
    [
      'rows that differ',
      () => parse({ inputs: [mass, { ...island, shape: [1, 1], data: ['a'] }, at] }),
      'inputs[1].shape',
      'has 1 rows, the inputs before it 2',
    ],
    [
      'unknown output',
      () => parse({ ...body, outputs: [{ name: 'x' }] }),
      'outputs[0].name',
      'no output "x"; it has \'label\'',
    ],
    [
      'duplicate output',
      () => parse({ ...body, outputs: [{ name: 'label' }, { name: 'label' }] }),
      'outputs[1].name',
      'asked for twice',
    ],
    ['outputs of another type', () => parse({ ...body, outputs: 'all' }), 'outputs', 'must be an array'],
    ['id of another type', () => parse({ ...body, id: 7 }), 'id', 'must be a string'],
    ['long id', () => parse({ ...body, id: 'x'.repeat(300) }), 'id', 'at most 256'],
    ['no inputs', () => parse({}), 'inputs', 'must be an array of tensors'],
    ['no object', () => parse([body]), 'body', 'must be a JSON object'],
    ['no JSON', () => parseText('{"inputs":'), 'body', 'is not JSON'],
    ['NaN', () => parseText(JSON.stringify(body).replace('1.5', 'NaN')), 'body', 'null is a missing number'],
    ['nothing', () => parseText(''), 'body', 'it is empty'],
    [
      'no UTF-8',
      () => parseInferRequest(Buffer.from([0x22, 0xff, 0x22]), noHeaders, model, limits),
      'body',
      'is not UTF-8',
    ],
  ])('%s', (_, act, field, message) => {
    const error = thrownBy(act);
    expect(error.code).toBe('invalid_request');
    expect(error.details?.fields?.[0]?.field).toBe(field);
    expect(error.details?.fields?.[0]?.message).toContain(message);
  });

  it('together with the others', () => {
    const fields = mistakes(() =>
      parse({
        inputs: [
          { ...mass, datatype: 'INT8' },
          { ...island, data: [1, 2] },
        ],
      }),
    );
    expect(fields?.map(({ field }) => field)).toEqual(['inputs[0].datatype', 'inputs[1].data[0]', 'inputs']);
  });

  it.each(['FP32', 'INT64', 'BYTES', 'BOOL'])('null where a %s input knows no missing values', (datatype) => {
    const plain = compileInterface({
      inputs: [{ name: 'x', datatype, shape: [-1, 1] }],
      outputs: [],
    });
    const x = { name: 'x', datatype, shape: [1, 1], data: [null] };
    expect(mistakes(() => parse({ inputs: [x] }, plain))?.[0]?.message).toContain('not null');
  });

  it.each([
    ['a body', () => parseText(' '.repeat(10_001)), 'the limit of 10000'],
    ['rows', () => parse(withMass({ shape: [101, 1], data: Array(101).fill(0) })), 'the limit of 100'],
  ])('too many %s', (_, act, message) => {
    const error = thrownBy(act);
    expect(error.code).toBe('payload_too_large');
    expect(error.message).toContain(message);
  });
});
