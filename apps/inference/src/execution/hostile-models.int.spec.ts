import { modelReady, type ArtifactRef, type ExecutionOptions } from '@millrace/contracts';
import { eventually } from '@millrace/testing';
import { line, openBench, type Bench } from '../testing/bench.js';
import { putBomb, putBusy, putTrap } from '../testing/costly-models.js';
import { putLine } from '../testing/models.js';

const ones = (count: number) => line(...Array<number>(count).fill(1));

describe('a hostile model does not stop the service', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
    bench.deployment.want('line', 1, await putLine(bench.artifacts, 2));
    await bench.start({ RUN_TIMEOUT_MS: '400', MODEL_MEMORY_MB: '256' });
    await bench.settled();
  });
  afterEach(async () => {
    // Whatever happened: the neighbour answers, and so does the service.
    expect((await bench.infer('line', line(1))).outputs[0]!.data).toEqual([3]);
    expect((await bench.health()).status).toBe('ready');
  });
  afterAll(() => bench?.[Symbol.asyncDispose]());

  const deploy = async (name: string, artifact: ArtifactRef, execution?: ExecutionOptions) => {
    const revision = bench.deployment.want(name, 1, artifact, execution);
    return eventually(() => bench.deployment.reportOf(name, revision), { timeoutMs: 20_000 });
  };
  const failure = (name: string, rows: number) =>
    bench.infer(name, ones(rows)).then(
      () => 'none',
      (error: unknown) => error,
    );

  it('whose constants are gigabytes once they are folded', async () => {
    expect(await deploy('bomb', await putBomb(bench.artifacts))).toMatchObject({
      state: 'failed',
      code: expect.stringMatching(/data_invalid|integrity/),
    });
  });

  it('that is too slow for a single row', async () => {
    expect(await deploy('slow', await putBusy(bench.artifacts, 12, 1_000), { timeoutMs: 20 })).toMatchObject({
      state: 'failed',
      code: 'data_invalid',
      error: expect.stringContaining('more than the 20 ms that a run may take'),
    });
  });

  it('that wants more memory than it may have, for a request that is larger than any before', async () => {
    expect(await deploy('greedy', await putTrap(bench.artifacts))).toMatchObject({ state: 'ready' });
    // 10,000 × 10,000 numbers are 400 MB.
    expect(await failure('greedy', 10_000)).toMatchObject({ code: 'internal', retryable: false });
    expect((await bench.infer('greedy', ones(3))).outputs[0]!.data).toEqual([1]);
  });

  it('that never ends for some requests: each is told so, and in the end it is put out', async () => {
    expect(await deploy('trap', await putTrap(bench.artifacts, 400))).toMatchObject({ state: 'ready' });
    expect(await failure('trap', 1_000)).toMatchObject({
      code: 'deadline_exceeded',
      retryable: false,
      message: 'the model took longer than 400 ms',
    });
    // It was loaded again.
    expect((await bench.infer('trap', ones(3))).outputs[0]!.data).toEqual([1]);
    for (let i = 0; i < 4; i++)
      expect(await failure('trap', 1_000)).toMatchObject({ code: 'deadline_exceeded' });
    expect(await failure('trap', 3)).toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(
        /^the model is put out for \d+ s, .*: the model took longer than 400 ms$/,
      ),
    });
    expect(await bench.client.request(modelReady, { endpoint: 'trap' })).toMatchObject({
      ready: false,
      reason: expect.stringContaining('put out'),
    });
  });
});

describe('what an endpoint says of its execution', () => {
  it('counts: time, memory and place', async () => {
    await using bench = await openBench();
    const { artifacts, deployment } = bench;
    const [fast, trap] = [await putLine(artifacts, 2), await putTrap(artifacts, 400)];
    deployment.want('line', 1, fast, { runner: 'process', runners: 2, maxBatchDelayMs: 1 });
    deployment.want('thread', 1, fast, { runner: 'thread' });
    deployment.want('trap', 1, trap, { timeoutMs: 100 });
    deployment.want('greedy', 1, trap, { memoryMb: 32 });
    await bench.start();
    await bench.settled();
    for (const name of ['line', 'thread'])
      expect((await bench.infer(name, line(1, 2))).outputs[0]!.data).toEqual([3, 5]);
    await expect(bench.infer('trap', ones(1_000))).rejects.toMatchObject({
      message: 'the model took longer than 100 ms',
    });
    await expect(bench.infer('greedy', ones(10_000))).rejects.toMatchObject({ code: 'internal' });
    expect((await bench.infer('greedy', ones(2))).outputs[0]!.data).toEqual([1]);
  });
});

describe('a slow model', () => {
  it('runs in a thread: what comes after it is answered before it', async () => {
    await using bench = await openBench();
    bench.deployment.want('line', 1, await putLine(bench.artifacts, 2));
    bench.deployment.want('slow', 1, await putBusy(bench.artifacts, 2, 600));
    await bench.start();
    await bench.settled();
    const answered: string[] = [];
    const ask = async (name: string, ...x: number[]) => {
      const { outputs } = await bench.infer(name, line(...x));
      answered.push(name);
      return outputs[0]!.data;
    };
    const slow = ask('slow', ...Array.from({ length: 8 }, (_, i) => i));
    expect(await ask('line', 1)).toEqual([3]);
    expect(await slow).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(answered).toEqual(['line', 'slow']);
  });
});
