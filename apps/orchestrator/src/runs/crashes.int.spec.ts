import type { RunView } from '@millrace/contracts';
import { eventually } from '@millrace/testing';
import { FrailWorkers } from '../testing/frail-workers.js';
import { TestBed } from '../testing/test-bed.js';

/** Times short enough for a test; heartbeats come every two seconds. */
const impatient = { LEASE_MS: '2500', QUEUE_CHECK_MS: '400', RECONCILE_MS: '50' };

const slow = (name: string, ms: number) =>
  `name: ${name}\nsteps: { it: { component: frail.slow, params: { ms: ${ms} } } }`;

describe('workers that die', () => {
  let bed: TestBed;
  let workers: FrailWorkers;
  beforeAll(async () => {
    bed = await TestBed.start(undefined, impatient);
    workers = new FrailWorkers(bed.env, 2);
    await eventually(() => bed.submit(slow('known', 1)).then(Boolean), { timeoutMs: 30_000 });
  }, 60_000);
  afterAll(async () => {
    await workers[Symbol.asyncDispose]();
    await bed[Symbol.asyncDispose]();
  });

  const begun = async (run: string): Promise<RunView['steps'][number]> =>
    eventually(async () => {
      const [step] = (await bed.get(run)).steps;
      return step?.status === 'running' ? step : undefined;
    }) as Promise<RunView['steps'][number]>;
  const crashesOf = (run: string) =>
    bed.database((query) =>
      query<{ crashes: unknown; lapses: number }>(`SELECT crashes, lapses FROM step WHERE run = '${run}'`),
    );

  it('have their step done by another, when it is not the step that killed them', async () => {
    const { run } = await bed.run(slow('killed', 1_500));
    const { worker } = await begun(run);
    const { pid } = workers.find(worker);
    workers.find(worker).kill('SIGKILL');
    const view = await bed.finished(run);
    expect(view).toMatchObject({ status: 'succeeded', steps: [{ attempt: 1 }] });
    expect(view.steps[0]?.outputs['value']).not.toBe(pid);
    expect(await crashesOf(run)).toMatchObject([{ crashes: 1, lapses: 1 }]);
  }, 30_000);

  it('are no more than the limit, where it is', async () => {
    const before = workers.deaths;
    const others = await Promise.all([1, 2, 3].map((i) => bed.run(slow(`beside-${i}`, 300))));
    const { run } = await bed.run(
      'name: deadly\nsteps: { it: { component: frail.deadly, retry: { attempts: 5 } } }',
    );
    const view = await bed.finished(run, 80_000);
    expect(view.steps[0]).toMatchObject({
      status: 'failed',
      attempt: 1,
      error: {
        code: 'unavailable',
        message: expect.stringMatching(/^killed its worker 3 times; the last one was .+-\d+-/),
        retryable: false,
      },
    });
    expect(workers.deaths - before).toBe(3);
    for (const { run: other } of others) {
      const { status, error } = await bed.finished(other, 40_000);
      expect([status, error]).toEqual(['succeeded', undefined]);
    }
    expect(workers.deaths - before).toBe(3);
  }, 150_000);

  it('are told from those that only stand still', async () => {
    const { run } = await bed.run(slow('paused', 1_000));
    const { worker } = await begun(run);
    const paused = workers.find(worker);
    paused.kill('SIGSTOP');
    expect((await bed.finished(run)).status).toBe('succeeded');
    paused.kill('SIGCONT');
    expect(await crashesOf(run)).toMatchObject([{ crashes: null }]);
  }, 30_000);
});
