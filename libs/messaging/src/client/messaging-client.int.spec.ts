import { getEventListeners } from 'node:events';
import { defineOperation, Empty } from '@millrace/contracts';
import { eventually, startNats, type TestNats } from '@millrace/testing';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats } from '../connection/connect-nats.js';
import { MessagingClient } from './messaging-client.js';

const silent = defineOperation({
  service: 'x',
  name: 'silent.ask',
  summary: '',
  request: Empty,
  response: Empty,
});
const echo = defineOperation({
  service: 'x',
  name: 'echo.ask',
  summary: '',
  request: Empty,
  response: Empty,
});

describe('MessagingClient', () => {
  let nats: TestNats;
  let nc: NatsConnection;
  let client: MessagingClient;

  beforeAll(async () => {
    nats = await startNats({ jetstream: false });
    nc = await connectNats({ url: nats.url, name: 'test' });
    client = new MessagingClient(nc, { prefix: 'm.v1' });
    nc.subscribe('m.v1.x.silent.ask', { callback: () => undefined });
    nc.subscribe('m.v1.x.echo.ask', { callback: (_, message) => void message.respond(message.data) });
  });
  afterAll(async () => {
    client.close();
    await nc.close();
    await nats.stop();
  });

  it('keeps ten thousand requests apart', async () => {
    const asked = Array.from({ length: 10_000 }, (_, i) => client.request(echo, { i } as Empty));
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 10_000 }, (_, i) => ({ i })));
  });

  it('sends what is asked in one turn together, in order, and not what was given up by then', async () => {
    const seen: string[] = [];
    const subscription = nc.subscribe('together', {
      callback: (_, message) => {
        seen.push(message.string());
        message.respond(message.data);
      },
    });
    await nc.flush();
    const gone = new AbortController();
    const ask = (text: string, signal?: AbortSignal) =>
      client.requestRaw('together', Buffer.from(text), { coalesce: true, ...(signal ? { signal } : {}) });
    const asked = [ask('a'), ask('b', gone.signal), ask('c')];
    gone.abort();
    const settled = await Promise.allSettled(asked);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(seen).toEqual(['a', 'c']);
    await expect(
      client.requestRaw('together', new Uint8Array(2_000_000), { coalesce: true }),
    ).rejects.toMatchObject({ code: 'payload_too_large' });
    subscription.unsubscribe();
  });

  it('drops a reply that comes too late, and a second one', async () => {
    let respond = (): void => undefined;
    const subscription = nc.subscribe('late', {
      callback: (_, message) => void (respond = () => void message.respond('{}')),
    });
    await expect(client.requestRaw('late', Buffer.alloc(0), { timeoutMs: 30 })).rejects.toMatchObject({
      code: 'deadline_exceeded',
    });
    respond();
    respond();
    expect(await client.request(echo, {})).toEqual({});
    subscription.unsubscribe();
  });

  it('gathers what answers in time, and leaves out what it can not read', async () => {
    const replies = ['{"a":1}', 'not json', '{"a":2}'];
    const subscription = nc.subscribe('many', {
      callback: (_, message) => replies.forEach((reply) => message.respond(reply)),
    });
    expect(await client.requestMany('many', {}, { maxWaitMs: 100 })).toEqual([{ a: 1 }, { a: 2 }]);
    subscription.unsubscribe();
    expect(await client.requestMany('nobody', {}, { maxWaitMs: 100 })).toEqual([]);
  });

  it('brings what is published, and the mistakes to who wants to know', async () => {
    const seen: unknown[] = [];
    const errors: string[] = [];
    const subscription = client.subscribe(
      'said.*',
      (body, subject) => {
        if (subject === 'said.bad') throw new Error('a mistake');
        seen.push(body);
      },
      { onError: (error, subject) => errors.push(`${subject}: ${(error as Error).message.slice(0, 9)}`) },
    );
    client.publish('said.good', { a: 1 });
    client.publish('said.bad', {});
    nc.publish('said.broken', '{');
    await eventually(() => seen.length === 1 && errors.length === 2);
    expect([seen, errors[0]]).toEqual([[{ a: 1 }], 'said.bad: a mistake']);
    subscription.unsubscribe();
  });

  it('keeps nothing on a signal that outlives its requests', async () => {
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 5 }, () => client.request(echo, {}, { signal })));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('tells who waits at once when the connection is lost, refuses meanwhile, and goes on by itself', async () => {
    const waiting = client.request(silent, {}, { timeoutMs: 60_000 });
    const lost = expect(waiting).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    await nc.flush();
    await nats.kill();
    await lost;
    await expect(client.request(echo, {})).rejects.toMatchObject({ code: 'unavailable' });
    client.publish('lost', {});
    await nats.restart();
    await client.whenConnected(new AbortController().signal);
    expect(await client.request(echo, { back: true } as Empty)).toEqual({ back: true });
  });

  it('ends what waits when it is closed', async () => {
    const other = new MessagingClient(nc);
    const waiting = other.requestRaw('m.v1.x.silent.ask', Buffer.alloc(0));
    other.close();
    await expect(waiting).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('notices a connection that was lost before it was made', async () => {
    await using own = await startNats({ jetstream: false });
    const connection = await connectNats({ url: own.url, name: 'lost' });
    const lost = connection.status()[Symbol.asyncIterator]().next();
    await own.kill();
    await lost;
    const late = new MessagingClient(connection);
    await eventually(() => !late.connected);
    await own.restart();
    await eventually(() => late.connected);
    late.close();
    await connection.close();
  });
});
