import { once } from 'node:events';
import { connect } from 'node:net';
import { status as codes } from '@grpc/grpc-js';
import { NotFound } from '@millrace/contracts';
import { eventually } from '@millrace/testing';
import { answerEcho, floats, readEcho, tensor, type EchoRequest } from '../testing/echo-model.js';
import { TestGateway } from '../testing/gateway.js';
import { GrpcClient, refusal, statusOf } from '../testing/grpc-client.js';

const x = { inputs: [tensor('x', 'FP32', [1, 2])], raw_input_contents: [floats(1, 2)] };

describe('streams and limits of gRPC', () => {
  let gateway: TestGateway;
  let client: GrpcClient;

  beforeAll(async () => {
    gateway = await TestGateway.start({ PREDICTION_TIMEOUT_MS: '300' });
    client = new GrpcClient(gateway.grpcAddress);
    gateway.client.nc.subscribe('millrace.v1.infer.echo', {
      callback: (_error, message) => answerEcho(readEcho(message)),
    });
    gateway.client.nc.subscribe('millrace.v1.infer.slow', { callback: () => undefined });
    await gateway.answer('inference.server.metadata', () => ({
      name: 'millrace',
      version: '1',
      extensions: [],
    }));
    await gateway.answer('inference.model.metadata', (message) => {
      throw new NotFound('endpoint', message.json<{ endpoint: string }>().endpoint);
    });
  });
  afterAll(async () => {
    client.close();
    await gateway.stop();
  });

  interface StreamAnswer {
    error_message: string;
    infer_response: { id: string; raw_output_contents: Buffer[]; parameters: Record<string, unknown> };
  }
  const collect = (headers: Record<string, string> = {}) => {
    const stream = client.stream(headers);
    const answers: StreamAnswer[] = [];
    stream.on('data', (answer) => answers.push(answer as unknown as StreamAnswer));
    const ended = statusOf(stream);
    const ask = (id: string, request: object = {}) =>
      stream.write({ model_name: 'echo', id, ...x, ...request });
    return { stream, answers, ended, ask };
  };

  it('answers each request once and in order, a refused one with its reason', async () => {
    const { stream, answers, ended, ask } = collect();
    const ids = Array.from({ length: 100 }, (_, i) => String(i));
    ask('slow', { model_name: 'slow' });
    ask('nobody', { model_name: 'nobody' });
    ids.forEach((id) => ask(id));
    stream.end();
    expect(await ended).toMatchObject({ code: codes.OK });
    expect(answers.map(({ infer_response: { id } }) => id)).toEqual(['slow', 'nobody', ...ids]);
    expect(answers.map(({ error_message }) => error_message).filter(Boolean)).toEqual([
      expect.stringContaining('in time'),
      expect.stringContaining('unknown model'),
    ]);
    expect(answers[2]!.infer_response).toMatchObject({
      raw_output_contents: [floats(1, 2)],
      parameters: { triton_final_response: { bool_param: true } },
    });
  });

  it('ends with the status of a refused request where the caller wants it so', async () => {
    const { answers, ended, ask } = collect({ triton_grpc_error: 'true' });
    ask('1');
    ask('2', { model_name: 'nobody' });
    ask('3');
    expect(await ended).toMatchObject({ code: codes.NOT_FOUND });
    expect(answers.map(({ infer_response: { id } }) => id)).toEqual(['1']);
  });

  it('ends at once when the client hangs up', async () => {
    const { stream, ended, ask } = collect();
    ask('1', { model_name: 'slow' });
    stream.cancel();
    expect(await ended).toMatchObject({ code: codes.CANCELLED });
  });

  it('refuses a message beyond the limit', async () => {
    const large = {
      model_name: 'echo',
      inputs: [tensor('x', 'UINT8', [2_000_000])],
      raw_input_contents: [Buffer.alloc(2_000_000)],
    };
    expect((await refusal(client.call('ModelInfer', large))).code).toBe(codes.RESOURCE_EXHAUSTED);
  });

  it('opens only so many streams', async () => {
    const small = await TestGateway.start({ HTTP_MAX_EVENT_STREAMS: '1' });
    const other = new GrpcClient(small.grpcAddress);
    const first = other.stream();
    const ended = statusOf(first);
    first.write({ model_name: 'Nobody' });
    await once(first, 'data');
    expect(await statusOf(other.stream())).toMatchObject({ code: codes.RESOURCE_EXHAUSTED });
    expect(await statusOf(other.watch(''))).toMatchObject({ code: codes.RESOURCE_EXHAUSTED });
    first.end();
    expect(await ended).toMatchObject({ code: codes.OK });
    await eventually(async () => {
      const next = other.stream();
      next.end();
      return (await statusOf(next)).code === codes.OK;
    });
    other.close();
    await small.stop();
  });

  it('answers what it accepted before it stops', async () => {
    const stopping = await TestGateway.start();
    const other = new GrpcClient(stopping.grpcAddress);
    const asked: EchoRequest[] = [];
    stopping.client.nc.subscribe('millrace.v1.infer.echo', {
      callback: (_error, message) => void asked.push(readEcho(message)),
    });
    await stopping.client.nc.flush();
    const stream = other.stream();
    const [ended, answers] = [statusOf(stream), [] as unknown[]];
    stream.on('data', (answer) => answers.push(answer));
    stream.write({ model_name: 'echo', ...x });
    const single = other.call('ModelInfer', { model_name: 'echo', ...x });
    await eventually(() => asked.length === 2);
    const stopped = stopping.service.stop();
    await eventually(() => refusesConnections(stopping.grpcAddress));
    asked.forEach(answerEcho);
    expect(await single).toMatchObject({ model_name: 'echo' });
    expect(await ended).toMatchObject({ code: codes.UNAVAILABLE });
    expect(answers).toMatchObject([{ error_message: '', infer_response: { model_name: 'echo' } }]);
    await stopped;
    other.close();
    await stopping.stop();
  });

  it('says which setting is wrong when its port is taken', async () => {
    const port = gateway.grpcAddress.split(':')[1]!;
    await expect(TestGateway.start({ GATEWAY_GRPC_PORT: port })).rejects.toThrow(
      `GATEWAY_GRPC_PORT: 127.0.0.1:${port} is in use`,
    );
  });

  it('says of its health what it can do', async () => {
    expect(await client.call('Check', { service: '' })).toEqual({ status: 'SERVING' });
    expect(await client.call('Check', { service: 'inference.GRPCInferenceService' })).toEqual({
      status: 'SERVING',
    });
    expect((await refusal(client.call('Check', { service: 'other' }))).code).toBe(codes.NOT_FOUND);
    const alone = await TestGateway.start();
    const other = new GrpcClient(alone.grpcAddress);
    const seen: unknown[] = [];
    const watched = other.watch('');
    watched.on('data', (answer) => seen.push(answer));
    const unknown = other.watch('other');
    unknown.on('data', (answer) => seen.push(answer));
    await eventually(() => seen.length === 2);
    expect(seen).toEqual(expect.arrayContaining([{ status: 'NOT_SERVING' }, { status: 'SERVICE_UNKNOWN' }]));
    expect(await other.call('ServerReady', {})).toEqual({ ready: false });
    const ends = Promise.all([statusOf(watched), statusOf(unknown)]);
    await alone.stop();
    expect((await ends).map(({ code }) => code)).toEqual([codes.UNAVAILABLE, codes.UNAVAILABLE]);
    other.close();
  });
});

const refusesConnections = (address: string): Promise<boolean> =>
  new Promise((known) => {
    const [host, port] = address.split(':');
    const socket = connect(Number(port), host);
    const tell = (refuses: boolean) => () => {
      socket.destroy();
      known(refuses);
    };
    socket.once('connect', tell(false)).once('error', tell(true));
  });
