import { DomainError, headerNames } from '@millrace/contracts';
import { eventually, startNats, type TestNats } from '@millrace/testing';
import { headers as natsHeaders, type NatsConnection } from '@nats-io/transport-node';
import { MessagingClient } from '../client/messaging-client.js';
import { connectNats } from '../connection/connect-nats.js';
import { NatsStrategy } from './nats-strategy.js';
import { startValve } from './valve.fixture.js';

const hour = 3_600_000;
const nothing = Buffer.alloc(0);
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error: DomainError) => error.code,
  );

describe('time limits between clocks that differ', () => {
  let nats: TestNats;
  let callers: NatsConnection;
  const closing: (() => Promise<unknown>)[] = [];

  const service = async (prefix: string, skewMs: number, url = nats.url) => {
    const nc = await connectNats({ url, name: 'service' });
    const client = new MessagingClient(nc, { prefix });
    const strategy = new NatsStrategy({
      client,
      service: { name: 'clocks', version: '1.0.0' },
      now: () => Date.now() + skewMs,
    });
    await new Promise<unknown>((resolve) => strategy.listen(resolve));
    closing.push(() => strategy.close().then(() => nc.close()));
    return { client, strategy, nc };
  };
  const caller = (skewMs = 0) => new MessagingClient(callers, { now: () => Date.now() + skewMs });

  beforeAll(async () => {
    nats = await startNats({ jetstream: false });
    callers = await connectNats({ url: nats.url, name: 'callers' });
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  afterAll(async () => {
    await callers.close();
    await nats.stop();
  });

  it.each([
    ['ahead', hour],
    ['behind', -hour],
  ])('a service whose clock is an hour %s answers', async (prefix, skewMs) => {
    const { strategy, nc } = await service(prefix, skewMs);
    strategy.addRaw('left', `${prefix}.left`, (_, { expiresAt }) => ({
      data: Buffer.from(String(expiresAt! - performance.now())),
    }));
    await nc.flush();
    for (const skew of [0, hour, -hour]) {
      const { data } = await caller(skew).requestRaw(`${prefix}.left`, nothing, { timeoutMs: 4_000 });
      expect(Number(data)).toBeLessThanOrEqual(4_000);
      expect(Number(data)).toBeGreaterThan(1_000);
    }
  });

  it('a caller that says only a time of day is judged by the clock, as ever', async () => {
    const { strategy, nc } = await service('old', 0);
    strategy.addRaw('work', 'old.work', () => ({ data: nothing }));
    await nc.flush();
    const ask = async (deadline: number) => {
      const headers = natsHeaders();
      headers.set(headerNames.deadline, String(deadline));
      const reply = await callers.request('old.work', nothing, { headers, timeout: 2_000 });
      return reply.headers?.get(headerNames.serviceErrorCode) ?? 'ok';
    };
    expect(await ask(Date.now() + 60_000)).toBe('ok');
    expect(await ask(Date.now() - 1)).toBe('504');
  });

  it('refuses a timeout that is none, and names it', async () => {
    const { strategy, nc } = await service('hostile', 0);
    strategy.addRaw('work', 'hostile.work', () => ({ data: nothing }));
    await nc.flush();
    const headers = natsHeaders();
    headers.set(headerNames.timeout, '1e999');
    const reply = await callers.request('hostile.work', nothing, { headers, timeout: 2_000 });
    expect(reply.json()).toMatchObject({
      code: 'invalid_request',
      details: { fields: [{ field: 'Millrace-Timeout' }] },
    });
  });

  it('what is asked on behalf of a request has what is left of its time', async () => {
    const { strategy, client, nc } = await service('nested', hour);
    strategy.addRaw('inner', 'nested.inner', (_, context) => ({
      data: Buffer.from(context.get(headerNames.timeout) ?? ''),
    }));
    strategy.addRaw('outer', 'nested.outer', (_, { expiresAt }) =>
      client.requestRaw('nested.inner', nothing, { expiresAt }),
    );
    await nc.flush();
    const { data } = await caller().requestRaw('nested.outer', nothing, { timeoutMs: 3_000 });
    expect(Number(data)).toBeLessThanOrEqual(3_000);
    expect(Number(data)).toBeGreaterThan(0);
  });

  it('what has waited for longer than its time on the way is refused, once that is proven', async () => {
    await using valve = await startValve(nats.url);
    const { strategy, nc } = await service('jam', 0, valve.url);
    const served: string[] = [];
    strategy.addRaw('work', 'jam.work', (data) => ({ data: Buffer.from(String(served.push(String(data)))) }));
    await nc.flush();
    const timeoutMs = 50;
    const send = (name: string) => codeOf(caller().requestRaw('jam.work', Buffer.from(name), { timeoutMs }));
    valve.hold();
    const first = send('first');
    await eventually(() => valve.held === 1);
    const second = send('second');
    await eventually(() => valve.held === 2);
    expect([await first, await second]).toEqual(['deadline_exceeded', 'deadline_exceeded']);
    // Its clock says that nobody waits for it; whether the clock is right is asked of the connection.
    valve.release(1);
    await eventually(() => served.length === 1 && valve.held === 2);
    const asked = performance.now();
    await eventually(() => performance.now() - asked > timeoutMs);
    valve.open();
    expect(await codeOf(caller().requestRaw('jam.work', Buffer.from('third')))).toBe('ok');
    expect(served).toEqual(['first', 'third']);
  });
});
