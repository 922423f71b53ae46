import { DomainError, errorCodes, headerNames } from '@millrace/contracts';
import { Redeliver } from '@millrace/messaging';
import { eventually } from '@millrace/testing';
import { headers as natsHeaders } from '@nats-io/transport-node';
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

  it('sends its completion again when its acknowledgement was lost', async () => {
    let failures = 0;
    bed.atPoint = (reached) => {
      if (reached === 'completion accepted' && ++failures === 1) throw new Redeliver();
    };
    const task = await bed.send(bed.taskOf('test.add', { params: { a: 3 } }));
    expect((await bed.completionOf(task)).result.status).toBe('succeeded');
    await bed.queueIsEmpty();
    expect(failures).toBe(2);
  });

  it.each(['task taken', 'work done'] as const)(
    'does not begin again what comes once more after "%s", but leaves it to the orchestrator',
    async (point) => {
      let begun = 0;
      bed.atPoint = (reached) => {
        if (reached === 'task taken') begun++;
        if (reached === point) throw new Redeliver();
      };
      const task = await bed.send(bed.taskOf('test.add', { params: { a: 3 } }));
      expect(await bed.completionOf(task)).toMatchObject({
        redelivered: 2,
        result: { status: 'failed', error: { code: 'cancelled' } },
      });
      await bed.queueIsEmpty();
      expect(begun).toBe(1);
    },
  );

  it('says where its process can be asked whether it lives', async () => {
    bed.atPoint = () => undefined;
    const task = await bed.send(bed.taskOf('test.add', { params: { a: 1 } }));
    await bed.completionOf(task);
    const { probe } = await eventually(() => bed.progress.find(({ step }) => step === task.step));
    const { data } = await bed.client.requestRaw(`c.v1.probe.${probe}`, Buffer.alloc(0));
    expect(data).toHaveLength(0);
    await expect(bed.client.requestRaw('c.v1.probe.other', Buffer.alloc(0))).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('begins what others have not ended only when it is written down who does, and it is still wanted', async () => {
    const asked: unknown[] = [];
    const orchestrator = bed.nc.subscribe('c.v1.orchestrator.task.begin', {
      callback: (_, message) => {
        asked.push(message.json());
        const error = new DomainError('conflict', 'issued to another');
        const headers = natsHeaders();
        headers.set(headerNames.serviceErrorCode, String(errorCodes.conflict.http));
        message.respond(JSON.stringify(error.toBody()), { headers });
      },
    });
    await bed.nc.flush();
    const send = () => bed.send(bed.taskOf('test.add', { params: { a: 1 } }), { [headerNames.lapses]: '1' });
    const { runs } = bed.app.get(Add);
    const unwanted = await send();
    expect((await bed.completionOf(unwanted)).result).toMatchObject({ error: { code: 'cancelled' } });
    expect(bed.app.get(Add).runs).toBe(runs);
    expect(asked).toMatchObject([{ step: unwanted.step, token: 1, worker: expect.any(String) }]);
    orchestrator.unsubscribe();
    await bed.nc.flush();
    // Nobody to ask: work goes on.
    expect((await bed.completionOf(await send())).result.status).toBe('succeeded');
  });

  it('runs alone what has cost two workers, and takes up nothing else meanwhile', async () => {
    const before = await bed.send(bed.taskOf('test.wait'));
    await bed.begun(before);
    const suspect = await bed.send(bed.taskOf('test.wait'), { 'Millrace-Crashes': '2' });
    // It is taken, and waits for what is in hand.
    await bed.taken(suspect);
    const after = await bed.send(bed.taskOf('test.add', { params: { a: 1 } }));
    expect(bed.app.get(Wait).begun).not.toContain(suspect.step);
    bed.app.get(Wait).finish();
    await bed.begun(suspect);
    expect(bed.completions.some(({ step }) => step === after.step)).toBe(false);
    bed.app.get(Wait).finish();
    expect((await bed.completionOf(suspect)).result.status).toBe('succeeded');
    expect((await bed.completionOf(after, 10_000)).result.status).toBe('succeeded');
  }, 30_000);

  it('leaves to a replica what a stopping one can not finish', async () => {
    const other = await bed.startWorker(60_000);
    const tasks = await Promise.all(Array.from({ length: 4 }, () => bed.send(bed.taskOf('test.wait'))));
    const [first, second] = [bed.app.get(Wait).begun, other.get(Wait).begun];
    await eventually(() => tasks.every(({ step }) => [...first, ...second].includes(step)));
    await bed.stopFirst();
    // Said, and not only given back: that would look like a crash.
    for (const task of tasks.filter(({ step }) => first.includes(step))) {
      const given = await bed.completionOf(task);
      expect(given).toMatchObject({ result: { status: 'failed', error: { code: 'cancelled' } } });
      expect(given.redelivered).toBeUndefined();
    }
    await eventually(() => bed.messagesLeft().then((left) => left === 2));
    other.get(Wait).finish();
    await bed.queueIsEmpty();
  }, 40_000);
});
