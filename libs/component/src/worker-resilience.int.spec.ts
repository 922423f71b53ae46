import { Redeliver } from '@millrace/messaging';
import { eventually } from '@millrace/testing';
import { Add, Wait } from './test-components.fixture.js';
import { WorkerBed } from './worker-bed.fixture.js';

describe('component workers withstand', () => {
  let bed: WorkerBed;
  beforeAll(async () => void (bed = await WorkerBed.start()));
  afterAll(() => bed[Symbol.asyncDispose]());

  it('does not do twice what was delivered twice', async () => {
    const task = await bed.send(bed.taskOf('test.add', { params: { a: 5 } }));
    await bed.completionOf(task);
    const { runs } = bed.app.get(Add);
    await bed.send(task);
    await bed.queueIsEmpty();
    expect(bed.app.get(Add).runs).toBe(runs);
  });

  it.each([false, true])('cancels within two seconds (deaf to its signal: %s)', async (deaf) => {
    const task = await bed.send(bed.taskOf('test.wait', { params: { deaf } }));
    const other = await bed.send(bed.taskOf('test.wait'));
    await bed.begun(task);
    await bed.begun(other);
    bed.client.publish('c.v1.cancel', { run: 'r', step: task.step, token: 99 });
    bed.client.publish('c.v1.cancel', 'nonsense');
    bed.nc.publish('c.v1.cancel', '{');
    bed.client.publish('c.v1.cancel', { run: 'r', step: task.step, token: 1 });
    const { result } = await bed.completionOf(task, 2_000);
    expect(result).toMatchObject({ status: 'failed', error: { code: 'cancelled', retryable: false } });
    expect(bed.completions.some(({ step }) => step === other.step)).toBe(false);
    bed.app.get(Wait).finish();
    expect((await bed.completionOf(other)).result.status).toBe('succeeded');
  });

  it.each([
    ['its deadline', () => ({ deadline: Date.now() + 200 })],
    ['its timeout', () => ({ timeoutMs: 200 })],
  ])('ends a task at %s', async (_, limit) => {
    const { result } = await bed.completionOf(await bed.send(bed.taskOf('test.wait', limit())));
    expect(result).toMatchObject({ status: 'failed', error: { code: 'deadline_exceeded', retryable: true } });
  });

  it('a clock that is an hour ahead of the orchestrator', async () => {
    const params = { a: 2 };
    const task = bed.taskOf('test.add', { params, deadline: Date.now() - 3_600_000, timeoutMs: 5_000 });
    expect((await bed.completionOf(await bed.send(task))).result.status).toBe('succeeded');
  });

  it('heartbeats while it works', async () => {
    const task = await bed.send(bed.taskOf('test.wait'));
    await eventually(() => bed.progress.filter(({ step }) => step === task.step).length >= 3);
    bed.app.get(Wait).finish();
    await bed.completionOf(task);
  });

  it('keeps a completion until NATS is back', async () => {
    const task = await bed.send(bed.taskOf('test.wait'));
    await bed.begun(task);
    await bed.nats.kill();
    bed.app.get(Wait).finish();
    await bed.nats.wipeJetStream();
    expect((await bed.completionOf(task, 20_000)).result.status).toBe('succeeded');
  }, 40_000);

  it.each(['task taken', 'work done', 'completion accepted'] as const)(
    'delivers a task again when its worker fails at the point "%s", and completes it',
    async (point) => {
      let failures = 0;
      bed.atPoint = (reached) => {
        if (reached === point && ++failures === 1) throw new Redeliver();
      };
      const task = await bed.send(bed.taskOf('test.add', { params: { a: 3 } }));
      expect((await bed.completionOf(task)).result.status).toBe('succeeded');
      await bed.queueIsEmpty();
      expect(failures).toBeGreaterThanOrEqual(2);
    },
  );

  it('gives up on a task that kills its workers', async () => {
    let deaths = 0;
    bed.atPoint = (point) => {
      if (point === 'work done' && ++deaths <= 5) throw new Redeliver();
    };
    const task = await bed.send(bed.taskOf('test.add', { params: { a: 3 } }));
    expect((await bed.completionOf(task)).result).toMatchObject({
      status: 'failed',
      error: {
        code: 'internal',
        retryable: false,
        message: 'given up after 5 deliveries that came to no end',
      },
    });
  });

  it('lets a replica go on with what a stopping one can not finish', async () => {
    const other = await bed.startWorker(60_000);
    const tasks = await Promise.all(Array.from({ length: 4 }, () => bed.send(bed.taskOf('test.wait'))));
    const all = () => [...bed.app.get(Wait).begun, ...other.get(Wait).begun];
    await eventually(() => tasks.every(({ step }) => all().includes(step)));
    await bed.stopFirst();
    // The two that were given back wait for the other replica's two slots.
    other.get(Wait).finish();
    await eventually(() => tasks.every(({ step }) => other.get(Wait).begun.includes(step)));
    other.get(Wait).finish();
    for (const task of tasks) expect((await bed.completionOf(task)).result.status).toBe('succeeded');
  }, 40_000);
});
