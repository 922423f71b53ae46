import { errorCodes, headerNames, type DomainError } from '@millrace/contracts';
import { eventually, startNats, type TestNats } from '@millrace/testing';
import { headers as natsHeaders, type NatsConnection } from '@nats-io/transport-node';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagingClient } from '../client/messaging-client.js';
import { connectNats } from '../connection/connect-nats.js';
import {
  big,
  fail,
  GreeterModule,
  Greeting,
  hello,
  slow,
  trace,
  unheard,
  type Answer,
  type Ask,
} from './greeter.fixture.js';
import { NatsStrategy } from './nats-strategy.js';

describe('NatsStrategy', () => {
  let nats: TestNats;
  let nc: NatsConnection;
  let client: MessagingClient;
  let plain: NatsConnection;
  let strategy: NatsStrategy;
  let app: INestMicroservice;

  const start = async (prefix: string) => {
    const connection = await connectNats({ url: nats.url, name: 'server' });
    const server = new MessagingClient(connection, { prefix });
    const started = new NatsStrategy({
      client: server,
      service: { name: 'greeter', version: '1.2.3', metadata: { team: 'a' } },
      maxInFlight: 8,
    });
    const service = await NestFactory.createMicroservice(GreeterModule, { strategy: started, logger: false });
    await service.listen();
    return { connection, server, started, service };
  };

  beforeAll(async () => {
    nats = await startNats();
    ({ connection: nc, started: strategy, service: app } = await start('t.v1'));
    plain = await connectNats({ url: nats.url, name: 'caller' });
    client = new MessagingClient(plain, { prefix: 't.v1' });
  });
  afterAll(async () => {
    await app.close();
    client.close();
    await plain.close();
    await nc.close();
    await nats.stop();
  });

  const codeOf = (work: Promise<unknown>): Promise<DomainError> =>
    work.then(
      () => {
        throw new Error('it succeeded');
      },
      (error: DomainError) => error,
    );

  it('answers plain JSON to a plain request', async () => {
    const reply = await plain.request('t.v1.greeter.hello.say', '{"name":"Ada"}');
    expect([reply.json(), reply.headers]).toEqual([{ text: 'hello Ada' }, undefined]);
  });

  it('answers the typed client, and an empty body where nothing is needed', async () => {
    expect(await client.request(hello, { name: 'Ada' })).toEqual({ text: 'hello Ada' });
    expect((await plain.request('t.v1.greeter.nothing.do')).json()).toEqual({});
  });

  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  it.each<[name: string, body: string | Uint8Array, fields: string[]]>([
    ['text', 'not json', ['body']],
    ['an array', '[1]', ['body']],
    ['a JSON string', '"text"', ['body']],
    ['null', 'null', ['body']],
    ['a missing field', '{}', ['name']],
    ['wrong types and ranges', '{"name":1,"limit":0}', ['limit', 'name']],
    ['an unknown field', '{"name":"a","more":1}', ['more']],
    [
      'mistakes inside of a list',
      '{"name":"a","targets":[{"model":"ok"},{"model":5},{"x":1}]}',
      ['targets[1].model', 'targets[2].model', 'targets[2].x'],
    ],
    ['an object for a list', '{"name":"a","targets":{"model":5}}', ['targets']],
    ['deep nesting', deep, ['body']],
    ['deep nesting in a field', `{"name":"a","targets":${deep}}`, ['body']],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00]), ['body']],
  ])('refuses %s and names the field', async (_, body, fields) => {
    const reply = await plain.request('t.v1.greeter.hello.say', body, { timeout: 5_000 });
    expect(reply.headers?.get(headerNames.serviceErrorCode)).toBe('400');
    expect(reply.headers?.get(headerNames.serviceError)).not.toBe('');
    const error = reply.json<{
      code: string;
      retryable: boolean;
      details: { fields: { field: string }[] };
    }>();
    expect(error).toMatchObject({ code: 'invalid_request', retryable: false });
    expect(error.details.fields.map(({ field }) => field).sort()).toEqual(fields);
  });

  it('is not polluted by a prototype in the body', async () => {
    const body = '{"name":"a","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    const reply = await plain.request('t.v1.greeter.hello.say', body);
    expect(reply.json()).toMatchObject({ code: 'invalid_request', message: '__proto__: is not known' });
    expect({}).not.toHaveProperty('polluted');
  });

  it('reports a few of very many mistakes', async () => {
    const body = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`f${i}`, i]));
    const error = await codeOf(client.request(hello, body as unknown as Ask));
    expect(error.details?.fields).toHaveLength(20);
  });

  it("carries a service's error by its code and the details", async () => {
    expect(await codeOf(client.request(fail, { name: 'm' }))).toMatchObject({
      code: 'not_found',
      message: "model 'm' does not exist",
      retryable: errorCodes.not_found.retryable,
      details: { model: 'm' },
    });
    expect(await codeOf(client.request(fail, { name: 'plain' }))).toMatchObject({
      code: 'internal',
      message: 'boom',
    });
  });

  it('says at once that nobody answers', async () => {
    const error = await codeOf(client.request(unheard, {}, { timeoutMs: 60_000 }));
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining('nobody.home') });
  });

  it("tells a handler how much of the caller's time is left, and is in a trace", async () => {
    const { text } = await client.request(trace, {}, { timeoutMs: 2_000 });
    const [traceparent, leftMs] = JSON.parse(text) as [string, number];
    expect(traceparent).toMatch(/^00-/);
    expect(leftMs).toBeLessThanOrEqual(2_000);
    expect(leftMs).toBeGreaterThan(0);
  });

  it('continues the trace of the caller', async () => {
    const headers = natsHeaders();
    headers.set('traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');
    const reply = await plain.request('t.v1.greeter.trace.get', '{}', { headers, timeout: 1_000 });
    expect(reply.json<Answer>().text).toContain('4bf92f3577b34da6a3ce929d0e0e4736');
  });

  it('refuses work past its deadline', async () => {
    const headers = natsHeaders();
    headers.set(headerNames.deadline, String(Date.now() - 1));
    const reply = await plain.request('t.v1.greeter.hello.say', '{"name":"late"}', {
      headers,
      timeout: 1_000,
    });
    expect(reply.json()).toMatchObject({ code: 'deadline_exceeded' });
    expect(await codeOf(client.request(hello, { name: 'a' }, { deadline: Date.now() - 1 }))).toMatchObject({
      code: 'deadline_exceeded',
    });
  });

  it('times out at the caller and aborts at the service', async () => {
    const greeting = app.get(Greeting);
    const error = await codeOf(client.request(slow, {}, { timeoutMs: 100 }));
    expect(error.code).toBe('deadline_exceeded');
    await eventually(() => greeting.aborted === 1);
    greeting.release();
  });

  it("ends by the caller's signal", async () => {
    const controller = new AbortController();
    const pending = codeOf(client.request(slow, {}, { signal: controller.signal }));
    controller.abort();
    expect((await pending).code).toBe('cancelled');
    const greeting = app.get(Greeting);
    await eventually(() => greeting.held.length === 1);
    greeting.release();
  });

  it('refuses payloads that do not fit, both ways, and names the limit', async () => {
    const limit = nc.info!.max_payload;
    const out = await codeOf(client.request(hello, { name: 'x'.repeat(2_000_000) }));
    expect(out).toMatchObject({ code: 'payload_too_large', details: { limit } });
    expect(await codeOf(client.request(big, {}))).toMatchObject({
      code: 'payload_too_large',
      details: { limit },
    });
  });

  it('answers bytes with bytes', async () => {
    const reply = await client.requestRaw('t.v1.raw.upper', Buffer.from('abc'), {
      headers: { 'X-Is': 'q\r\nEvil: 1' },
    });
    expect(Buffer.from(reply.data).toString()).toBe('ABC');
    expect([reply.header('X-Was'), reply.header('Evil')]).toEqual(['q Evil: 1', undefined]);
    expect(await codeOf(client.requestRaw('t.v1.raw.upper', Buffer.alloc(0)))).toMatchObject({
      code: 'unsupported',
    });
  });

  it('adds and removes endpoints while it runs', async () => {
    strategy.addRaw('double', 't.v1.double', (data) => ({ data: Buffer.concat([data, data]) }));
    await nc.flush();
    expect(Buffer.from((await client.requestRaw('t.v1.double', Buffer.from('ab'))).data).toString()).toBe(
      'abab',
    );
    await strategy.remove('double');
    expect(await codeOf(client.requestRaw('t.v1.double', Buffer.from('ab')))).toMatchObject({
      code: 'unavailable',
    });
  });

  it('refuses what is over its limit instead of queueing it', async () => {
    const outcome = () =>
      client.request(slow, {}).then(
        () => 'ok',
        (error: DomainError) => error.code,
      );
    const replies = Array.from({ length: 12 }, outcome);
    expect(await Promise.all(replies.slice(8))).toEqual(Array(4).fill('overloaded'));
    app.get(Greeting).release();
    expect(await Promise.all(replies.slice(0, 8))).toEqual(Array(8).fill('ok'));
  });

  it('is found by discovery', async () => {
    const infos = (await client.requestMany('$SRV.INFO.greeter', {}, { maxWaitMs: 300 })) as Record<
      string,
      unknown
    >[];
    expect(infos).toHaveLength(1);
    expect(infos[0]).toMatchObject({
      type: 'io.nats.micro.v1.info_response',
      name: 'greeter',
      version: '1.2.3',
      id: strategy.id,
      metadata: { team: 'a', 'millrace.prefix': 't.v1' },
    });
    expect(infos[0]!['endpoints']).toContainEqual({
      name: 'greeter-hello-say',
      subject: 't.v1.greeter.hello.say',
      queue_group: 'greeter',
      metadata: { summary: 'hello.say' },
    });
    const [stats] = (await client.requestMany(
      `$SRV.STATS.greeter.${strategy.id}`,
      {},
      { maxWaitMs: 300 },
    )) as {
      endpoints: { name: string; num_requests: number; num_errors: number; last_error: string }[];
    }[];
    const failures = stats!.endpoints.find(({ name }) => name === 'greeter-failure-raise');
    expect(failures).toMatchObject({ num_requests: 2, num_errors: 2, last_error: 'internal: boom' });
    expect(await client.requestMany('$SRV.PING', {}, { maxWaitMs: 300 })).toHaveLength(1);
  });

  it('answers what it accepted before it stops, and loses nothing to a replica that stays', async () => {
    const leaving = await start('t.v2');
    const staying = await start('t.v2');
    const caller = new MessagingClient(plain, { prefix: 't.v2' });
    const replies: Promise<Answer>[] = [];
    const sender = setInterval(() => replies.push(caller.request(hello, { name: 'x' })), 1);
    await eventually(() => replies.length > 30);
    await leaving.service.close();
    await leaving.connection.close();
    const then = replies.length;
    await eventually(() => replies.length > then + 30);
    clearInterval(sender);
    expect(new Set((await Promise.all(replies)).map(({ text }) => text))).toEqual(new Set(['hello x']));
    await staying.service.close();
    await staying.connection.close();
    caller.close();
  });

  it('starts although the server is lost just then', async () => {
    await using server = await startNats();
    const connection = await connectNats({ url: server.url, name: 'server' });
    const own = new MessagingClient(connection, { prefix: 't.v3' });
    await using _ = { [Symbol.asyncDispose]: () => (own.close(), connection.close()) };
    const service = await NestFactory.createMicroservice(GreeterModule, {
      strategy: new NatsStrategy({ client: own, service: { name: 'greeter', version: '1.0.0' } }),
      logger: false,
    });
    // It hears nothing any more, and then it is gone.
    await server.kill('SIGSTOP');
    const listening = service.listen();
    await new Promise(setImmediate);
    await server.restart();
    await listening;
    expect(await own.request(hello, { name: 'Ada' })).toEqual({ text: 'hello Ada' });
    await service.close();
  });
});
