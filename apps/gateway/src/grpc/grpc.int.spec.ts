import { status as codes } from '@grpc/grpc-js';
import { DomainError, NotFound } from '@millrace/contracts';
import { answerEcho, floats, readEcho, tensor, type EchoRequest } from '../testing/echo-model.js';
import { TestGateway } from '../testing/gateway.js';
import { GrpcClient, refusal } from '../testing/grpc-client.js';
import { trailerNames } from './status.js';

const metadata = {
  name: 'echo',
  versions: ['3'],
  platform: 'onnx_onnxv1',
  inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }],
  outputs: [{ name: 'label', datatype: 'INT64', shape: [-1] }],
};

const x = { inputs: [tensor('x', 'FP32', [1, 2])], raw_input_contents: [floats(1, 2)] };

describe('the Open Inference Protocol over gRPC', () => {
  let gateway: TestGateway;
  let client: GrpcClient;
  const requests: EchoRequest[] = [];
  const last = (): EchoRequest => requests.at(-1)!;
  const infer = (request: object, options = {}) =>
    client.call('ModelInfer', { model_name: 'echo', ...request }, options);

  beforeAll(async () => {
    gateway = await TestGateway.start({ PREDICTION_TIMEOUT_MS: '300' });
    client = new GrpcClient(gateway.grpcAddress);
    gateway.client.nc.subscribe('millrace.v1.infer.echo', {
      callback: (_error, message) => {
        requests.push(readEcho(message));
        answerEcho(last());
      },
    });
    gateway.client.nc.subscribe('millrace.v1.infer.slow', { callback: () => undefined });
    await gateway.answer('infer.busy', () => {
      throw new DomainError('overloaded', 'the queue is full');
    });
    await gateway.answer('infer.broken', () => {
      throw new DomainError('internal', 'x is not a function', { cause: new Error() });
    });
    await gateway.answer('infer.json', () => ({
      model_name: 'json',
      outputs: [{ name: 'y', datatype: 'FP32', shape: [1], data: [1] }],
    }));
    await gateway.answer('infer.long', () => {
      throw new DomainError('invalid_request', `${'ä€\ud800'.repeat(5_000)}`);
    });
    await gateway.answer('inference.server.metadata', () => ({
      ...{ name: 'millrace', version: '1.0.0', extensions: ['binary_tensor_data'] },
    }));
    await gateway.answer('inference.model.metadata', (message) => {
      const { endpoint } = message.json<{ endpoint: string }>();
      if (endpoint !== 'echo') throw new NotFound('endpoint', endpoint);
      return metadata;
    });
    await gateway.answer('inference.model.ready', (message) => {
      const { endpoint, version } = message.json<{ endpoint: string; version?: number }>();
      if (endpoint === 'none') throw new NotFound('endpoint', endpoint);
      return { name: endpoint, ready: version !== 2 };
    });
  });
  afterAll(async () => {
    client.close();
    await gateway.stop();
  });

  it('describes the server and its models', async () => {
    expect(await client.call('ServerLive', {})).toEqual({ live: true });
    expect(await client.call('ServerReady', {})).toEqual({ ready: true });
    expect(await client.call('ServerMetadata', {})).toEqual({
      ...{ name: 'millrace', version: '1.0.0', extensions: ['binary_tensor_data'] },
    });
    expect(await client.call('ModelMetadata', { name: 'echo' })).toEqual({
      ...metadata,
      inputs: [{ name: 'x', datatype: 'FP32', shape: ['-1', '2'] }],
      outputs: [{ name: 'label', datatype: 'INT64', shape: ['-1'] }],
    });
  });

  it.each([
    ['echo', '', true],
    ['echo', '3', true],
    ['echo', '2', false],
    ['none', '', false],
    ['No name', '', false],
    ['echo', 'new', false],
  ])('says of %s %s that it is ready: %s', async (name, version, ready) => {
    expect(await client.call('ModelReady', { name, version })).toEqual({ ready });
  });

  it('passes raw tensors on as they came, and answers raw', async () => {
    const texts = Buffer.from([3, 0, 0, 0, 0xff, 0x00, 0x7f, 0, 0, 0, 0]);
    const half = Buffer.from([0x00, 0x3c]);
    const answer = await infer({
      id: 'ä1',
      parameters: {
        priority: { uint64_param: 2 },
        'a "b"': { string_param: 'ü\n' },
        f: { double_param: 0.5 },
      },
      inputs: [
        tensor('x', 'FP32', [1, 2]),
        tensor('t', 'BYTES', [2], { parameters: { on: { bool_param: true } } }),
        tensor('h', 'FP16', [1]),
        tensor('none', 'INT64', [0]),
      ],
      raw_input_contents: [floats(1, 2), texts, half, Buffer.alloc(0)],
    });
    expect(last().json).toEqual({
      id: 'ä1',
      parameters: { binary_data_output: true, priority: 2, 'a "b"': 'ü\n', f: 0.5 },
      inputs: [
        { name: 'x', datatype: 'FP32', shape: [1, 2], parameters: { binary_data_size: 8 } },
        { name: 't', datatype: 'BYTES', shape: [2], parameters: { binary_data_size: 11, on: true } },
        { name: 'h', datatype: 'FP16', shape: [1], parameters: { binary_data_size: 2 } },
        { name: 'none', datatype: 'INT64', shape: [0], parameters: { binary_data_size: 0 } },
      ],
    });
    expect(last().binary).toEqual(Buffer.concat([floats(1, 2), texts, half]));
    expect(answer).toMatchObject({
      ...{ model_name: 'echo', model_version: '3', id: 'ä1' },
      parameters: {
        priority: { int64_param: '2' },
        'a "b"': { string_param: 'ü\n' },
        f: { double_param: 0.5 },
      },
      outputs: [
        { name: 'x', datatype: 'FP32', shape: ['1', '2'], contents: null, parameters: {} },
        { name: 't', datatype: 'BYTES', shape: ['2'], parameters: { on: { bool_param: true } } },
        { name: 'h', datatype: 'FP16', shape: ['1'] },
        { name: 'none', datatype: 'INT64', shape: ['0'] },
      ],
      raw_output_contents: [floats(1, 2), texts, half, Buffer.alloc(0)],
    });
  });

  it('takes typed contents of every datatype that has them, and answers in them', async () => {
    const contents: [datatype: string, contents: Record<string, unknown[]>, raw: string][] = [
      ['BOOL', { bool_contents: [true, false] }, '0100'],
      ['INT8', { int_contents: [-128, 127] }, '807f'],
      ['INT16', { int_contents: [-32768, 1] }, '00800100'],
      ['INT32', { int_contents: [-2147483648, 7] }, '0000008007000000'],
      [
        'INT64',
        { int64_contents: ['-9223372036854775808', '9007199254740993'] },
        '00000000000000800100000000002000',
      ],
      ['UINT8', { uint_contents: [255, 0] }, 'ff00'],
      ['UINT16', { uint_contents: [65535, 1] }, 'ffff0100'],
      ['UINT32', { uint_contents: [4294967295, 1] }, 'ffffffff01000000'],
      ['UINT64', { uint64_contents: ['18446744073709551615', '1'] }, 'ffffffffffffffff0100000000000000'],
      ['FP32', { fp32_contents: [1.5, -Infinity] }, '0000c03f000080ff'],
      ['FP64', { fp64_contents: [1.5, -0] }, '000000000000f83f0000000000000080'],
      ['BYTES', { bytes_contents: [Buffer.from([0xff, 0]), Buffer.alloc(0)] }, '02000000ff0000000000'],
    ];
    const answer = await infer({
      inputs: contents.map(([datatype, of], i) => tensor(`i${i}`, datatype, [2], { contents: of })),
    });
    expect(last().binary.toString('hex')).toBe(contents.map(([, , raw]) => raw).join(''));
    expect(answer['raw_output_contents']).toEqual([]);
    const outputs = answer['outputs'] as { datatype: string; contents: Record<string, unknown[]> }[];
    for (const [i, [datatype, of]] of contents.entries())
      expect([outputs[i]!.datatype, outputs[i]!.contents]).toMatchObject([datatype, of]);
  });

  it('answers raw where a datatype has no contents', async () => {
    const answer = await infer({
      inputs: [
        tensor('a', 'INT8', [1], { contents: { int_contents: [1] } }),
        // Without elements it needs no field.
        tensor('h', 'FP16', [0]),
      ],
    });
    expect(answer['raw_output_contents']).toEqual([Buffer.from([1]), Buffer.alloc(0)]);
  });

  it('asks for the outputs that are named, with what is said of them', async () => {
    await infer({ ...x, outputs: [{ name: 'y', parameters: { classification: { int64_param: 2 } } }] });
    expect(last().json.outputs).toEqual([{ name: 'y', parameters: { classification: 2 } }]);
  });

  it('asks for the version that is named, within the time and trace of the caller', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await infer({ ...x, model_version: '3' }, { deadline: Date.now() + 200, headers: { traceparent } });
    const { headers } = last().message;
    expect(headers?.get('Millrace-Model-Version')).toBe('3');
    expect(Number(headers?.get('Millrace-Timeout'))).toBeLessThanOrEqual(200);
    expect(headers?.get('traceparent')).toContain('0af7651916cd43dd8448eb211c80319c');
    await infer(x);
    expect(last().message.headers?.has('Millrace-Model-Version')).toBe(false);
  });

  it.each([
    [
      'a model that nobody serves',
      { model_name: 'unknown' },
      'NOT_FOUND',
      /^Request for unknown model/,
      'not_found',
    ],
    [
      'what no model is called',
      { model_name: 'A.>' },
      'NOT_FOUND',
      /^Request for unknown model/,
      'not_found',
    ],
    ['what no version is called', { model_version: '0' }, 'NOT_FOUND', /version 0/, 'not_found'],
    ['a full queue', { model_name: 'busy' }, 'RESOURCE_EXHAUSTED', /queue is full/, 'overloaded'],
    [
      'a model that takes too long',
      { model_name: 'slow' },
      'DEADLINE_EXCEEDED',
      /in time/,
      'deadline_exceeded',
    ],
    ['what broke inside', { model_name: 'broken' }, 'INTERNAL', /^x is not/, 'internal'],
    [
      'an answer in another form',
      { model_name: 'json' },
      'INTERNAL',
      /'y' was asked for in binary/,
      'internal',
    ],
    [
      'a reason that is too long',
      { model_name: 'long' },
      'INVALID_ARGUMENT',
      /^ä€\ufffdä/,
      'invalid_request',
    ],
    [
      'a tensor too few',
      { raw_input_contents: [floats(1), floats(2)] },
      'INVALID_ARGUMENT',
      /^raw_input_contents: has 2 entries for 1 inputs/,
      'invalid_request',
    ],
    [
      'both forms',
      { inputs: [tensor('x', 'FP32', [1], { contents: { fp32_contents: [1] } })] },
      'INVALID_ARGUMENT',
      /^inputs\[0\]\.contents: and raw_input_contents/,
      'invalid_request',
    ],
    [
      "another datatype's field",
      { inputs: [tensor('x', 'FP32', [1], { contents: { int_contents: [1] } })], raw_input_contents: [] },
      'INVALID_ARGUMENT',
      /^inputs\[0\]\.contents\.int_contents: is not for FP32, which is in fp32_contents/,
      'invalid_request',
    ],
    [
      'what the datatype cannot hold',
      {
        inputs: [tensor('x', 'INT8', [2], { contents: { int_contents: [1, 128] } })],
        raw_input_contents: [],
      },
      'INVALID_ARGUMENT',
      /^inputs\[0\]\.contents\.int_contents\[1\]: 128 is no INT8/,
      'invalid_request',
    ],
    [
      'typed FP16',
      { inputs: [tensor('x', 'FP16', [1], { contents: { fp32_contents: [1] } })], raw_input_contents: [] },
      'INVALID_ARGUMENT',
      /^inputs\[0\]\.contents: has no field for 'FP16'/,
      'invalid_request',
    ],
    [
      'a parameter that JSON cannot say',
      { parameters: { p: { double_param: NaN } } },
      'INVALID_ARGUMENT',
      /^parameters\.p: must be a finite number, not NaN/,
      'invalid_request',
    ],
    [
      'a parameter without a value',
      { inputs: [tensor('x', 'FP32', [1, 2], { parameters: { p: {} } })] },
      'INVALID_ARGUMENT',
      /^inputs\[0\]\.parameters\.p: has no value/,
      'invalid_request',
    ],
  ])('refuses %s as the table of codes says', async (_, request, code, details, ours) => {
    const error = await refusal(infer({ ...x, ...request }));
    expect([codes[error.code], error.details]).toEqual([code, expect.stringMatching(details)]);
    expect(error.metadata.get(trailerNames.code)).toEqual([ours]);
  });

  it('gives up when the caller does', async () => {
    const error = await refusal(infer({ ...x, model_name: 'slow' }, { deadline: Date.now() + 50 }));
    expect(error.code).toBe(codes.DEADLINE_EXCEEDED);
  });
});
