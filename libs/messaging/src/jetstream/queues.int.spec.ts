import { defaultPrefix, type Task } from '@millrace/contracts';
import { eventually } from '@millrace/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { ensureStreams } from './ensure-streams.js';
import { Redeliver } from './redeliver.js';
import { completion, task, TestBed } from './test-bed.js';

describe('work queue and completions', () => {
  let bed: TestBed;
  beforeAll(async () => void (bed = await TestBed.start()));
  afterEach(() => bed.stopConsuming());
  afterAll(() => bed[Symbol.asyncDispose]());

  it('makes the streams once, however many ask, and again with new settings', async () => {
    const { manager, stream, client } = await bed.setUp();
    const { prefix } = client.subjects;
    await Promise.all(Array.from({ length: 5 }, () => ensureStreams(bed.nc, prefix)));
    await manager.streams.update(stream('WORK'), { max_msgs_per_subject: 7 });
    await ensureStreams(bed.nc, prefix);
    const { config } = await manager.streams.info(stream('WORK'));
    expect(config).toMatchObject({
      subjects: [`${prefix}.work.>`],
      retention: 'workqueue',
      discard: 'new',
      storage: 'file',
      max_msgs_per_subject: 10_000,
      discard_new_per_subject: true,
    });
  });

  it('names the streams of the default prefix plainly', async () => {
    await ensureStreams(bed.nc, defaultPrefix);
    const manager = await jetstreamManager(bed.nc);
    const names = await manager.streams.names().next();
    expect(names).toEqual(expect.arrayContaining(['MILLRACE_WORK', 'MILLRACE_DONE', 'MILLRACE_EVENTS']));
  });

  it('delivers each task to one worker, several at once, and is empty then', async () => {
    const { work, manager, stream } = await bed.setUp();
    const seen: string[] = [];
    let most = 0;
    let now = 0;
    const handler = async (received: Task): Promise<void> => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now--;
      seen.push(received.step);
    };
    await bed.keep(work.consume('test.work', handler, { concurrency: 3 }));
    await bed.keep(work.consume('test.work', handler, { concurrency: 1 }));
    const steps = Array.from({ length: 40 }, (_, i) => `s${i}`);
    await Promise.all(steps.map((step) => work.publish(task(step), { messageId: step })));
    await eventually(() => seen.length >= 40);
    expect(seen.sort()).toEqual(steps.sort());
    expect(most).toBeGreaterThan(1);
    await eventually(async () => (await manager.streams.info(stream('WORK'))).state.messages === 0);
  });

  it('stores a message once per id', async () => {
    const { work, manager, stream } = await bed.setUp();
    for (let i = 0; i < 3; i++) await work.publish(task('s'), { messageId: 'same' });
    expect((await manager.streams.info(stream('WORK'))).state.messages).toBe(1);
  });

  it('keeps components apart', async () => {
    const { work } = await bed.setUp();
    const seen: string[] = [];
    await bed.keep(work.consume('a.b', async (t) => void seen.push(`a.b ${t.step}`), { concurrency: 1 }));
    await bed.keep(work.consume('a.b-c', async (t) => void seen.push(`a.b-c ${t.step}`), { concurrency: 1 }));
    await work.publish(task('1', 'a.b'), { messageId: '1' });
    await work.publish(task('2', 'a.b-c'), { messageId: '2' });
    await eventually(() => seen.length === 2);
    expect(seen.sort()).toEqual(['a.b 1', 'a.b-c 2']);
  });

  it('delivers again what a worker could not finish', async () => {
    const { work } = await bed.setUp();
    const seen: [number, boolean][] = [];
    const handler = async (
      _: Task,
      delivery: { deliveries: number; redelivered: boolean },
    ): Promise<void> => {
      seen.push([delivery.deliveries, delivery.redelivered]);
      if (seen.length === 1) throw new Redeliver();
      if (seen.length === 2) throw new Error('a mistake');
    };
    await bed.keep(work.consume('test.work', handler, { concurrency: 1 }));
    await work.publish(task('s'), { messageId: 's' });
    await eventually(() => seen.length === 3);
    expect(seen).toEqual([
      [1, false],
      [2, true],
      [3, true],
    ]);
  });

  it('drops what is not JSON, says so, and goes on', async () => {
    const { work, client } = await bed.setUp();
    const malformed: string[] = [];
    const seen: string[] = [];
    const onMalformed = (body: Uint8Array): void => void malformed.push(Buffer.from(body).toString());
    await bed.keep(
      work.consume('test.work', async (t) => void seen.push(t.step), { concurrency: 1, onMalformed }),
    );
    bed.nc.publish(client.subjects.work('test.work'), '{"run":');
    await work.publish(task('after'), { messageId: 'after' });
    await eventually(() => seen.length === 1);
    expect([malformed, seen]).toEqual([['{"run":'], ['after']]);
  });

  it("refuses a task when its component's queue is full, and no other", async () => {
    const { work, manager, stream } = await bed.setUp();
    await manager.streams.update(stream('WORK'), { max_msgs_per_subject: 2 });
    await work.publish(task('1'), { messageId: '1' });
    await work.publish(task('2'), { messageId: '2' });
    await expect(work.publish(task('3'), { messageId: '3' })).rejects.toMatchObject({
      code: 'overloaded',
      retryable: true,
    });
    await work.publish(task('1', 'other.work'), { messageId: 'other' });
  });

  it('refuses a task that is too large and names the limit', async () => {
    const { work } = await bed.setUp();
    const large = { ...task('l'), params: { x: 'x'.repeat(2_000_000) } };
    await expect(work.publish(large, { messageId: 'l' })).rejects.toMatchObject({
      code: 'payload_too_large',
      details: { limit: bed.nc.info!.max_payload },
    });
  });

  it('finishes what it holds when it stops, and leaves the rest to others', async () => {
    const { work } = await bed.setUp();
    const events: string[] = [];
    let release = (): void => undefined;
    const stopping = await work.consume(
      'test.work',
      async (t) => {
        events.push(`${t.step} begun`);
        await new Promise<void>((resolve) => (release = resolve));
        events.push(`${t.step} ended`);
      },
      { concurrency: 1 },
    );
    await work.publish(task('1'), { messageId: '1' });
    await work.publish(task('2'), { messageId: '2' });
    await eventually(() => events.length === 1);
    const stopped = stopping.stop();
    release();
    await stopped;
    expect(events).toEqual(['1 begun', '1 ended']);
    await bed.keep(
      work.consume('test.work', async (t) => void events.push(`${t.step} elsewhere`), { concurrency: 1 }),
    );
    await eventually(() => events.length === 3);
    expect(events[2]).toBe('2 elsewhere');
  });

  it('brings completions side by side, and soon again should their taker be killed', async () => {
    const { done, manager, stream } = await bed.setUp();
    const waiting: (() => void)[] = [];
    await bed.keep(done.consume(() => new Promise((resolve) => void waiting.push(resolve))));
    for (const step of ['a', 'b', 'c']) await done.publish(completion(step));
    await eventually(() => waiting.length === 3);
    for (const finish of waiting) finish();
    await eventually(async () => (await manager.streams.info(stream('DONE'))).state.messages === 0);
    expect((await manager.consumers.info(stream('DONE'), 'orchestrator')).config.ack_wait).toBe(5e9);
  });

  it('says how far completions have come, and how far they are answered', async () => {
    const { done } = await bed.setUp();
    expect(await done.horizon()).toEqual({ last: 0, answered: Infinity });
    const waiting = new Map<string, () => void>();
    await bed.keep(done.consume(({ step }) => new Promise((resolve) => void waiting.set(step, resolve))));
    for (const step of ['a', 'b', 'c']) await done.publish(completion(step));
    await eventually(() => waiting.size === 3);
    waiting.get('c')!();
    waiting.get('a')!();
    await eventually(async () => (await done.horizon()).answered === 1);
    expect((await done.horizon()).last).toBe(3);
    waiting.get('b')!();
    await eventually(async () => (await done.horizon()).answered === Infinity);
  });

  it('brings completions, and again those that were not taken', async () => {
    const { done } = await bed.setUp();
    const seen: string[] = [];
    await bed.keep(
      done.consume(async ({ step }) => {
        seen.push(step);
        if (seen.length === 1) throw new Redeliver(10);
      }),
    );
    await done.publish(completion('a'));
    await done.publish(completion('a'));
    await done.publish(completion('b'));
    await eventually(() => seen.length === 3);
    expect(seen.sort()).toEqual(['a', 'a', 'b']);
  });
});
