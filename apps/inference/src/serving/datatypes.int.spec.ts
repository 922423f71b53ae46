import { headerNames, type InferResponse } from '@millrace/contracts';
import type { TensorType } from '@millrace/onnx';
import { openBench, type Bench } from '../testing/bench.js';
import { binaryBody, bytesOf, bytesTensor, splitBinaryBody } from '../testing/binary-body.js';
import { putIdentity } from '../testing/models.js';

/** Of each datatype, golden values: as bytes, and as JSON text where JSON has them. */
const golden: [TensorType, Uint8Array, string][] = [
  ['BOOL', Uint8Array.of(1, 0), '[true,false]'],
  ['UINT8', Uint8Array.of(0, 255), '[0,255]'],
  ['UINT16', bytesOf(Uint16Array.of(0, 65_535)), '[0,65535]'],
  ['UINT32', bytesOf(Uint32Array.of(0, 4_294_967_295)), '[0,4294967295]'],
  ['UINT64', bytesOf(BigUint64Array.of(0n, 2n ** 64n - 1n)), '[0,18446744073709551615]'],
  ['INT8', bytesOf(Int8Array.of(-128, 127)), '[-128,127]'],
  ['INT16', bytesOf(Int16Array.of(-32_768, 32_767)), '[-32768,32767]'],
  ['INT32', bytesOf(Int32Array.of(-(2 ** 31), 2 ** 31 - 1)), '[-2147483648,2147483647]'],
  [
    'INT64',
    bytesOf(BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n)),
    '[-9223372036854775808,9223372036854775807]',
  ],
  ['FP16', bytesOf(Uint16Array.of(0x2e66, 0xfbff)), '[0.1,-65500]'],
  ['FP32', bytesOf(Float32Array.of(0.1, -3.4028235e38)), '[0.1,-3.4028235e+38]'],
  ['FP64', bytesOf(Float64Array.of(0.1, 5e-324)), '[0.1,5e-324]'],
  ['BYTES', bytesTensor('ä€😀\r\n"\\', ''), '["ä€😀\\r\\n\\"\\\\",""]'],
];

describe('every datatype', () => {
  let bench: Bench;
  const endpoint = (type: TensorType): string => `identity-${type.toLowerCase()}`;
  beforeAll(async () => {
    bench = await openBench();
    for (const [type] of golden)
      bench.deployment.want(endpoint(type), 1, await putIdentity(bench.artifacts, type));
    await bench.start();
    await bench.settled();
  }, 30_000);
  afterAll(() => bench?.[Symbol.asyncDispose]());

  const tensor = (datatype: TensorType, more: object) => ({ name: 'x', datatype, shape: [2, 1], ...more });

  it.each(golden)('%s goes through bit by bit in binary', async (type, bytes) => {
    const x = tensor(type, { parameters: { binary_data_size: bytes.length } });
    const { body, headers } = binaryBody({ inputs: [x], parameters: { binary_data_output: true } }, bytes);
    const reply = await bench.inferRaw(endpoint(type), body, headers);
    const { json, raw } = splitBinaryBody<InferResponse>(
      reply.data,
      reply.header(headerNames.inferenceHeaderLength),
    );
    expect(json.outputs).toEqual([
      { name: 'y', datatype: type, shape: [2, 1], parameters: { binary_data_size: bytes.length } },
    ]);
    expect(Buffer.compare(raw['y']!, bytes)).toBe(0);
  });

  it.each(golden)('%s means the same in JSON', async (type, bytes, text) => {
    const request = JSON.stringify({ inputs: [tensor(type, { data: '@' })] }).replace('"@"', text);
    const reply = await bench.inferRaw(endpoint(type), Buffer.from(request), {});
    expect(Buffer.from(reply.data).toString()).toContain(`"data":${text}}`);

    const outputs = [{ name: 'y', parameters: { binary_data: true } }];
    const mixed = JSON.stringify({ inputs: [tensor(type, { data: '@' })], outputs }).replace('"@"', text);
    const answer = await bench.inferRaw(endpoint(type), Buffer.from(mixed), {});
    const { raw } = splitBinaryBody<InferResponse>(
      answer.data,
      answer.header(headerNames.inferenceHeaderLength),
    );
    expect(Buffer.compare(raw['y']!, bytes)).toBe(0);
  });

  it.each(['FP16', 'FP32', 'FP64'] as const)('%s keeps NaN and infinities in binary', async (type) => {
    const bytes = {
      FP16: bytesOf(Uint16Array.of(0x7e01, 0xfc00)),
      FP32: bytesOf(Uint32Array.of(0x7fc0_0001, 0xff80_0000)),
      FP64: bytesOf(BigUint64Array.of(0x7ff8_0000_0000_0001n, 0xfff0_0000_0000_0000n)),
    }[type];
    const x = tensor(type, { parameters: { binary_data_size: bytes.length } });
    const { body, headers } = binaryBody({ inputs: [x], parameters: { binary_data_output: true } }, bytes);
    const reply = await bench.inferRaw(endpoint(type), body, headers);
    expect(Buffer.compare(Buffer.from(reply.data).subarray(-bytes.length), bytes)).toBe(0);
  });

  it('takes a raw request', async () => {
    const reply = await bench.inferRaw(endpoint('INT16'), bytesOf(Int16Array.of(-5)), {
      [headerNames.inferenceHeaderLength]: '0',
    });
    const { json, raw } = splitBinaryBody<InferResponse>(
      reply.data,
      reply.header(headerNames.inferenceHeaderLength),
    );
    expect(json.outputs[0]).toMatchObject({ shape: [1, 1], datatype: 'INT16' });
    expect(raw['y']).toEqual(Buffer.from('fbff', 'hex'));
  });

  it('refuses texts that the runtime would alter, by element', async () => {
    const bytes = bytesTensor('ok', Uint8Array.of(0xff, 0xfe));
    const x = tensor('BYTES', { parameters: { binary_data_size: bytes.length } });
    const { body, headers } = binaryBody({ inputs: [x] }, bytes);
    await expect(bench.inferRaw(endpoint('BYTES'), body, headers)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining("inputs[0].data[1]: input 'x' is not UTF-8"),
    });
  });
});
