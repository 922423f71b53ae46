import { once } from 'node:events';
import { connect } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { status as codes } from '@grpc/grpc-js';
import { NotFound } from '@millrace/contracts';
import { eventually } from '@millrace/testing';
import fc from 'fast-check';
import { answerEcho, floats, readEcho } from '../testing/echo-model.js';
import { TestGateway } from '../testing/gateway.js';
import { GrpcClient, refusal } from '../testing/grpc-client.js';
import { answerOf, framed, RawGrpc } from '../testing/raw-grpc.js';
import { messageType, writeMessage } from './messages/protocol.js';

const encode = (message: object): Buffer => {
  const type = messageType('inference.ModelInferRequest');
  return writeMessage(type, type.fromObject(message));
};
const good = encode({
  ...{ model_name: 'echo', inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2] }] },
  raw_input_contents: [floats(1, 2)],
});

describe('hostile gRPC', () => {
  let gateway: TestGateway;
  let raw: RawGrpc;

  beforeAll(async () => {
    gateway = await TestGateway.start({ HTTP_REQUEST_TIMEOUT_MS: '400', PREDICTION_TIMEOUT_MS: '2000' });
    raw = await RawGrpc.connect(gateway.grpcAddress);
    gateway.client.nc.subscribe('millrace.v1.infer.echo', {
      callback: (_error, message) => answerEcho(readEcho(message)),
    });
    await gateway.answer('inference.model.metadata', (message) => {
      throw new NotFound('endpoint', message.json<{ endpoint: string }>().endpoint);
    });
  });
  afterAll(async () => {
    raw.close();
    await gateway.stop();
  });
  const isWell = async () => expect(await raw.send('ModelInfer', framed(good))).toMatchObject({ status: 0 });

  it('answers what is right', isWell);

  it.each<[string, Buffer, Record<string, string>, codes[]]>([
    ['nothing at all', Buffer.alloc(0), {}, [codes.UNIMPLEMENTED]],
    ['an empty message', framed(Buffer.alloc(0)), {}, [codes.NOT_FOUND]],
    ['what is no protobuf', framed(Buffer.alloc(50, 0xff)), {}, [codes.INVALID_ARGUMENT]],
    ['two messages', Buffer.concat([framed(good), framed(good)]), {}, [codes.UNIMPLEMENTED]],
    ['half a message', framed(good).subarray(0, 20), {}, [codes.UNIMPLEMENTED]],
    ['a length beyond the limit', framed(good, { length: 0xffff_ffff }), {}, [codes.RESOURCE_EXHAUSTED]],
    [
      'an unknown compression',
      framed(good, { compressed: 1 }),
      { 'grpc-encoding': 'br' },
      [codes.UNIMPLEMENTED],
    ],
    [
      'a bomb',
      framed(gzipSync(Buffer.alloc(50_000_000)), { compressed: 1 }),
      { 'grpc-encoding': 'gzip' },
      [codes.RESOURCE_EXHAUSTED],
    ],
    // gRPC itself says INTERNAL of what it cannot decompress, and of a time limit that is none.
    [
      'what is not compressed',
      framed(good, { compressed: 1 }),
      { 'grpc-encoding': 'gzip' },
      [codes.INTERNAL],
    ],
    ['a time limit that is none', framed(good), { 'grpc-timeout': 'soon' }, [codes.INTERNAL]],
    ['gzip', framed(gzipSync(good), { compressed: 1 }), { 'grpc-encoding': 'gzip' }, [codes.OK]],
    ['deflate', framed(deflateSync(good), { compressed: 1 }), { 'grpc-encoding': 'deflate' }, [codes.OK]],
    ['a trace that is none', framed(good), { traceparent: 'x'.repeat(4_000) }, [codes.OK]],
  ])('answers %s', async (_, bytes, headers, statuses) => {
    const { status } = await raw.send('ModelInfer', bytes, headers);
    expect(statuses).toContain(status);
    await isWell();
  });

  it.each([
    ['/inference.GRPCInferenceService/SystemSharedMemoryStatus'],
    ['/inference.GRPCInferenceService/'],
    ['/constructor'],
    ['/%ff%00/ä'],
    [`/${'x'.repeat(8_000)}`],
  ])('answers that there is no %.60s', async (path) => {
    expect(await raw.send(path, framed(good))).toMatchObject({ status: codes.UNIMPLEMENTED });
    await isWell();
  });

  it('refuses what is not gRPC', async () => {
    const { http } = await raw.send('ModelInfer', good, { 'content-type': 'application/json' });
    expect(http).toBe(415);
    const [host, port] = gateway.grpcAddress.split(':');
    for (const text of ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', '\0'.repeat(1_000)]) {
      const socket = connect(Number(port), host);
      socket.on('error', () => undefined).resume();
      socket.write(text);
      await once(socket, 'close');
    }
    await isWell();
  });

  it('waits for a message only so long', async () => {
    const half = raw.open('ModelInfer');
    half.write(framed(good).subarray(0, 20));
    expect(await answerOf(half)).toMatchObject({
      status: codes.DEADLINE_EXCEEDED,
      message: expect.stringContaining('arrive') as string,
    });
  });

  it('is not impressed by calls that are given up at once', async () => {
    const other = await RawGrpc.connect(gateway.grpcAddress);
    const ends = Array.from({ length: 300 }, () => {
      const stream = other.open('ModelInfer');
      const ended = answerOf(stream);
      stream.write(framed(good));
      stream.close(8);
      return ended;
    });
    await Promise.all(ends);
    other.close();
    // No place is lost: as many as may be in flight find one.
    for (let i = 0; i < 300; i++) await isWell();
  });

  it('answers whatever the message is, and never that something broke', async () => {
    const broke = [codes.UNKNOWN, codes.INTERNAL, codes.DATA_LOSS];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          ...['ModelInfer', 'ModelStreamInfer', 'ModelReady', 'ModelMetadata', 'RepositoryModelLoad'],
          '/grpc.health.v1.Health/Check',
        ),
        fc.nat(good.length),
        fc.uint8Array({ maxLength: 8 }),
        fc.nat(8),
        async (method, at, bytes, cut) => {
          const message = Buffer.concat([good.subarray(0, at), bytes, good.subarray(at + cut)]);
          const { status } = await raw.send(method, framed(message));
          expect(status).toBeDefined();
          expect(broke).not.toContain(status);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('refuses at once what is more than it may answer at a time, as HTTP does', async () => {
    const small = await TestGateway.start({ HTTP_MAX_IN_FLIGHT: '2' });
    const client = new GrpcClient(small.grpcAddress);
    let asked = 0;
    small.client.nc.subscribe('millrace.v1.infer.slow', { callback: () => void (asked += 1) });
    await small.client.nc.flush();
    const slow = { model_name: 'slow', inputs: [] };
    const waiting = [1, 2].map(() =>
      refusal(client.call('ModelInfer', slow, { deadline: Date.now() + 1_000 })),
    );
    await eventually(() => asked === 2);
    expect(await refusal(client.call('ModelInfer', slow))).toMatchObject({ code: codes.RESOURCE_EXHAUSTED });
    expect((await small.fetch('/v2/health/live')).status).toBe(503);
    await Promise.all(waiting);
    await small.stop();
    client.close();
  });
});
