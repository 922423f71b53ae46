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

  it('leaves nothing in a queue of which all is acknowledged, whenever the server was killed meanwhile', async () => {
    const { work, manager, stream } = await bed.setUp();
    const done = new Set<string>();
    const take = async ({ step }: { step: string }) => void done.add(step);
    for (const kind of ['test.one', 'test.two']) await bed.keep(work.consume(kind, take, { concurrency: 2 }));
    const publish = (round: string) =>
      Promise.all(
        Array.from({ length: 100 }, (_, i) => `${round}-${i}`).map((step, i) =>
          eventually(() =>
            work
              .publish(task(step, i % 2 === 0 ? 'test.one' : 'test.two'), { messageId: step })
              .then(() => true),
          ),
        ),
      );
    const isEmpty = () =>
      eventually(async () => (await manager.streams.info(stream('WORK'))).state.messages === 0, {
        timeoutMs: 30_000,
        what: 'an empty queue',
      });
    let sweeps = 0;
    const listening = bed.nc.subscribe(`$JS.API.STREAM.PURGE.${stream('WORK')}`, {
      callback: () => void sweeps++,
    });
    await publish('before');
    // Nothing is left to be done, and both know that.
    await eventually(() => sweeps >= 2, { timeoutMs: 15_000, what: 'a look at what is left' });
    await isEmpty();
    for (const kill of ['first', 'second']) {
      await publish(kill);
      await eventually(() => done.has(`${kill}-60`));
      await bed.nats.restart();
    }
    listening.unsubscribe();
    await eventually(() => done.size === 300, { timeoutMs: 20_000, what: 'every task to be done' });
    await isEmpty();
    // For a while the server may wait for the acknowledgement of a message that is gone.
    await eventually(async () => (await work.count('test.one')) === 0, { timeoutMs: 20_000 });
  }, 90_000);
});
