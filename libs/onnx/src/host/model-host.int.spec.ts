import { GraphBuilder } from '../graph/graph-builder.js';
import type { Tensor } from '../tensor/tensor.js';
import { loadHosted, type HostedModel } from './hosted-model.js';
import { ModelHost, type HostKind } from './model-host.js';

/** y = x for numbers and for texts. */
const identity = (): Uint8Array => {
  const graph = new GraphBuilder('identity');
  graph.node('Identity', [graph.input('x', 'FP32', [null, 1])], { output: 'y' });
  graph.output('y', 'FP32', [null, 1]);
  graph.node('Identity', [graph.input('s', 'BYTES', [null, 1])], { output: 't' });
  graph.output('t', 'BYTES', [null, 1]);
  return graph.finish({});
};

/** For N rows: N × N values, so many times multiplied with themselves. */
const square = (products: number): Uint8Array => {
  const graph = new GraphBuilder('square');
  const x = graph.input('x', 'FP32', [null, 1]);
  let all = graph.node('Mul', [x, graph.node('Transpose', [x])]);
  for (let i = 0; i < products; i++) all = graph.node('Tanh', [graph.node('MatMul', [all, all])]);
  graph.node('ReduceMax', [all], { attributes: { axes: [1], keepdims: 1 }, output: 'y' });
  graph.output('y', 'FP32', [null, 1]);
  return graph.finish({});
};

const rows = (count: number): Tensor => ({
  type: 'FP32',
  dims: [count, 1],
  data: new Float32Array(count).fill(0.5),
});
const limits = { loadTimeoutMs: 20_000, runTimeoutMs: 20_000 };
const hosts: ModelHost[] = [];
const hostOf = (kind: HostKind, memoryMb?: number): ModelHost => {
  const host = new ModelHost({ kind, ...(memoryMb ? { memoryMb } : {}) });
  hosts.push(host);
  return host;
};
afterEach(() => hosts.splice(0).forEach((host) => host.end()));
const failure = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => 'none',
    (error: unknown) => error,
  );

describe.each(['thread', 'process'] as const)('a model in a %s', (kind) => {
  it('answers as it does here, one model after the other', async () => {
    const host = hostOf(kind);
    const model = await loadHosted(identity(), host, limits);
    const buffer = Float32Array.of(7, 1.5, -0, 9);
    const x: Tensor = { type: 'FP32', dims: [2, 1], data: buffer.subarray(1, 3) };
    const s: Tensor = { type: 'BYTES', dims: [2, 1], data: ['', 'ä€'] };
    expect(await model.run({ x, s })).toEqual({ y: x, t: s });
    // What others may still look at is not given away.
    expect(buffer).toEqual(Float32Array.of(7, 1.5, -0, 9));
    const other = await loadHosted(square(0), host, limits);
    expect((await other.run({ x: rows(3) }))['y']!.data).toEqual(Float32Array.of(0.25, 0.25, 0.25));
    expect(other.lastRunMs).toBeGreaterThan(0);
  });

  it('fails a run without failing the next, and names a wrong input', async () => {
    const graph = new GraphBuilder('pick');
    const table = graph.floats(Float32Array.of(1, 2, 3), [3]);
    graph.node('Gather', [table, graph.input('i', 'INT64', [null])], { output: 'y' });
    graph.output('y', 'FP32', [null]);
    const model = await loadHosted(graph.finish({}), hostOf(kind), limits);
    const pick = (i: bigint) => model.run({ i: { type: 'INT64', dims: [1], data: BigInt64Array.of(i) } });
    expect(await failure(pick(1_000n))).toMatchObject({ code: 'internal', retryable: false });
    expect((await pick(2n))['y']!.data).toEqual(Float32Array.of(3));
    expect(await failure(model.run({}))).toMatchObject({ code: 'invalid_request' });
    expect(model.ended).toBeUndefined();
  });

  it('is given up when a run takes too long, and its caller told so', async () => {
    const model = await loadHosted(square(8), hostOf(kind), { ...limits, runTimeoutMs: 10 });
    expect(await failure(model.run({ x: rows(700) }))).toMatchObject({
      code: 'deadline_exceeded',
      retryable: false,
      message: 'the model took longer than 10 ms',
    });
    expect(await failure(model.run({ x: rows(1) }))).toBe(model.ended);
  });

  it('refuses what cannot be loaded, with the reason', async () => {
    const graph = new GraphBuilder('wrong');
    graph.node('Relu', ['nowhere'], { output: 'y' });
    graph.output('y', 'FP32', [null]);
    expect(await failure(loadHosted(graph.finish({}), hostOf(kind), limits))).toMatchObject({
      code: 'data_invalid',
      message: expect.stringContaining('nowhere'),
    });
  });

  it('is closed when it is ended', async () => {
    const model = await loadHosted(identity(), hostOf(kind), limits);
    model.end();
    expect(
      await failure(model.run({ x: rows(1), s: { type: 'BYTES', dims: [1, 1], data: [''] } })),
    ).toMatchObject({
      code: 'unavailable',
    });
  });
});

describe('a process', () => {
  const linux = process.platform === 'linux' ? it : it.skip;

  linux('fails a run that wants more memory than it may have', async () => {
    const model = await loadHosted(square(0), hostOf('process', 64), limits);
    expect((await model.run({ x: rows(100) }))['y']!.dims).toEqual([100, 1]);
    // 20,000 × 20,000 numbers are 1.6 GB.
    const refused = await failure(model.run({ x: rows(20_000) }));
    expect(refused).toMatchObject({ code: 'internal', retryable: false });
    expect(String(refused)).toMatch(/memory|limited to 64 MiB/);
  });

  it('may be killed by whoever likes: its caller hears of it, and that another time may be better', async () => {
    const host = hostOf('process');
    const model: HostedModel = await loadHosted(square(8), host, limits);
    const running = failure(model.run({ x: rows(3_000) }));
    process.kill(host.pid!, 'SIGKILL');
    expect(await running).toMatchObject({ code: 'unavailable', retryable: true });
  });

  it('that crashes is the fault of the model', async () => {
    const host = hostOf('process');
    const model = await loadHosted(square(8), host, limits);
    const running = failure(model.run({ x: rows(3_000) }));
    process.kill(host.pid!, 'SIGSEGV');
    expect(await running).toMatchObject({
      code: 'internal',
      retryable: false,
      message: expect.stringContaining('SIGSEGV'),
    });
  });
});
