import { eventually } from '@millrace/testing';
import { completion, task, TestBed } from './test-bed.js';

describe('consuming recovers by itself', () => {
  let bed: TestBed;
  beforeAll(async () => void (bed = await TestBed.start()));
  afterEach(() => bed.stopConsuming());
  afterAll(() => bed[Symbol.asyncDispose]());

  const collect = async () => {
    const parts = await bed.setUp();
    const seen: string[] = [];
    await bed.keep(parts.work.consume('test.work', async (t) => void seen.push(t.step), { concurrency: 2 }));
    await bed.keep(parts.done.consume(async (c) => void seen.push(`done ${c.step}`)));
    const roundTrip = async (name: string) => {
      await eventually(() => parts.work.publish(task(name), { messageId: name }).then(() => true), {
        timeoutMs: 15_000,
      });
      await eventually(() => parts.done.publish(completion(name)).then(() => true), { timeoutMs: 15_000 });
      await eventually(() => seen.includes(name) && seen.includes(`done ${name}`), { timeoutMs: 15_000 });
    };
    await roundTrip('before');
    return { ...parts, seen, roundTrip };
  };

  it('when the consumer is deleted under it', async () => {
    const { roundTrip, manager, stream } = await collect();
    await manager.consumers.delete(stream('WORK'), 'test_work');
    await roundTrip('after');
  });

  it('when the streams are deleted under it', async () => {
    const { roundTrip, manager, stream } = await collect();
    await manager.streams.delete(stream('WORK'));
    await manager.streams.delete(stream('DONE'));
    await roundTrip('after');
  });

  it('when the server is killed and starts again', async () => {
    const { roundTrip } = await collect();
    await bed.nats.restart();
    await roundTrip('after');
  }, 60_000);

  it('when JetStream lost its directory', async () => {
    const { roundTrip } = await collect();
    await bed.nats.wipeJetStream();
    await roundTrip('after');
  }, 60_000);

  it('and refuses at once while the server is away', async () => {
    const { work, roundTrip, client } = await collect();
    await bed.nats.kill();
    await eventually(() => !client.connected);
    await expect(work.publish(task('x'), { messageId: 'x' })).rejects.toMatchObject({
      code: 'unavailable',
    });
    await bed.nats.restart();
    await roundTrip('after');
  }, 60_000);

  it('leaves nothing in a queue of which all is acknowledged, however often the server was killed meanwhile', async () => {
    const { work, manager, stream, client } = await bed.setUp();
    const done = new Set<string>();
    await bed.keep(work.consume('test.work', async ({ step }) => void done.add(step), { concurrency: 4 }));
    for (let kill = 0; kill < 3; kill++) {
      const steps = Array.from({ length: 100 }, (_, i) => `s${kill}-${i}`);
      await Promise.all(steps.map((step) => work.publish(task(step), { messageId: step })));
      await eventually(() => done.has(`s${kill}-60`));
      await bed.nats.restart();
      await client.whenConnected(new AbortController().signal);
    }
    await eventually(() => done.size === 300, { timeoutMs: 20_000, what: 'every task to be done' });
    const left = async () => (await manager.streams.info(stream('WORK'))).state.messages;
    await eventually(async () => (await left()) === 0, { timeoutMs: 20_000, what: 'an empty queue' });
    expect(await work.count('test.work')).toBe(0);
  }, 60_000);
});
