import 'reflect-metadata';
import { healthGetOf } from '@millrace/contracts';
import { connectNats, MessagingClient } from '@millrace/messaging';
import { createLogger } from '@millrace/observability';
import { eventually, freePort, startNats, type TestNats } from '@millrace/testing';
import { Module, type OnModuleInit } from '@nestjs/common';
import { startService } from '../index.js';
import { add, counterService } from './counter.fixture.js';

const quiet = { LOG_LEVEL: 'silent' };
const ready = async (port: number | undefined) => {
  const response = await fetch(`http://127.0.0.1:${port}/health/ready`);
  return {
    status: response.status,
    body: (await response.json()) as { checks: Record<string, { error?: string }> },
  };
};

const recorder = () => {
  const lines: { level: string; msg: string; reason?: string }[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]);
  return { lines, logger: createLogger({ service: 'counter', level: 'warn', destination: { write } }) };
};

describe('startService', () => {
  let nats: TestNats;
  let client: MessagingClient;

  beforeAll(async () => {
    nats = await startNats();
    client = new MessagingClient(await connectNats({ url: nats.url, name: 'test' }));
  });
  afterAll(async () => {
    await client.nc.close();
    await nats.stop();
  });

  it('answers its operations, its health and discovery, and stops', async () => {
    const service = await startService(counterService(), {
      env: { ...quiet, NATS_URL: nats.url, OFFSET: '10' },
    });
    expect(await client.request(add('counter'), { a: 1, b: 2 })).toEqual({ sum: 13 });
    expect(await client.request(healthGetOf('counter'), {})).toEqual({
      service: 'counter',
      version: '1.2.3',
      status: 'ready',
      checks: { service: { ok: true }, nats: { ok: true }, jetstream: { ok: true } },
    });
    const [info] = await client.requestMany('$SRV.INFO.counter', {}, { maxWaitMs: 200 });
    expect(info).toMatchObject({ name: 'counter', version: '1.2.3', description: 'Adds numbers' });
    const metrics = await fetch(`http://127.0.0.1:${service.healthPort}/metrics`).then((r) => r.text());
    expect(metrics).toContain('process_resident_memory_bytes{service="counter"}');
    expect(metrics).toMatch(/millrace_request_duration_seconds_count\{.*counter-number-add.*\} 1/);

    await Promise.all([service.stop(), service.stop()]);
    await expect(client.request(add('counter'), { a: 1, b: 2 })).rejects.toMatchObject({
      code: 'unavailable',
    });
    await expect(fetch(`http://127.0.0.1:${service.healthPort}/health/live`)).rejects.toThrow();
  });

  it('lets several services, with settings and prefixes of their own, share a process', async () => {
    const lines: { service: string; context?: string }[] = [];
    const logger = (service: string) =>
      createLogger({
        service,
        level: 'debug',
        destination: { write: (line) => void lines.push(JSON.parse(line) as { service: string }) },
      });
    const common = { NATS_URL: nats.url, HEALTH_PORT: '-1' };
    const services = await Promise.all([
      startService(counterService('one'), { env: { ...common, OFFSET: '100' }, logger: logger('one') }),
      startService(counterService('two'), { env: { ...common, OFFSET: '200' }, logger: logger('two') }),
      startService(counterService('two'), {
        env: { ...common, OFFSET: '300', SUBJECT_PREFIX: 'elsewhere.v1' },
        logger: logger('three'),
      }),
    ]);
    const elsewhere = new MessagingClient(client.nc, { prefix: 'elsewhere.v1' });
    expect(await client.request(add('one'), { a: 1, b: 1 })).toEqual({ sum: 102 });
    expect(await client.request(add('two'), { a: 1, b: 1 })).toEqual({ sum: 202 });
    expect(await elsewhere.request(add('two'), { a: 1, b: 1 })).toEqual({ sum: 302 });
    expect(services.map(({ healthPort }) => healthPort)).toEqual([undefined, undefined, undefined]);
    // Nest's lines too find the service they are about.
    const fromNest = lines
      .filter(({ context }) => context === 'InstanceLoader')
      .map(({ service }) => service);
    expect(new Set(fromNest)).toEqual(new Set(['one', 'two', 'three']));

    await services[0].stop();
    expect(await client.request(add('two'), { a: 1, b: 1 })).toEqual({ sum: 202 });
    elsewhere.close();
    await Promise.all(services.map((service) => service.stop()));
  });

  it('waits for NATS, not ready and saying why, and is ready once it is there', async () => {
    await using own = await startNats();
    await own.kill();
    const healthPort = await freePort();
    const starting = startService(counterService(), {
      env: { ...quiet, NATS_URL: own.url, HEALTH_PORT: String(healthPort) },
    });
    const reason = await eventually(async () => {
      const { status, body } = await ready(healthPort);
      return status === 503 && body.checks['service']?.error?.replace(/^starting$/, '');
    });
    expect(reason).toBe('starting: no connection to NATS: connection refused');
    await own.restart();
    const service = await starting;
    expect((await ready(healthPort)).status).toBe(200);
    await service.stop();
  });

  it.each(['while it is wired', 'just before it listens'])(
    'waits for a NATS that dies %s, not ready, and answers once it is back',
    async (when) => {
      await using own = await startNats();
      const healthPort = await freePort();
      const { lines, logger } = recorder();
      const counter = counterService();
      const early = when === 'while it is wired';
      @Module({})
      class Unlucky implements OnModuleInit {
        async onModuleInit(): Promise<void> {
          if (!early) await own.kill();
        }
      }
      const starting = startService(
        {
          ...counter,
          module: (env) => ({
            module: Unlucky,
            imports: [counter.module(env)],
            providers: [{ provide: 'unlucky', useFactory: () => (early ? own.kill() : undefined) }],
          }),
        },
        { env: { NATS_URL: own.url, HEALTH_PORT: String(healthPort) }, logger },
      );
      await eventually(() =>
        lines.some(({ msg }) => msg.startsWith('NATS went away while the service started')),
      );
      expect(await ready(healthPort)).toMatchObject({
        status: 503,
        body: { checks: { service: { error: 'starting' }, nats: { error: 'not connected' } } },
      });
      await own.restart();
      const service = await starting;
      await eventually(async () => (await ready(healthPort)).status === 200);
      const caller = new MessagingClient(await connectNats({ url: own.url, name: 'caller' }));
      expect(await caller.request(add('counter'), { a: 1, b: 2 })).toEqual({ sum: 3 });
      await caller.nc.close();
      await service.stop();
    },
  );

  it('can be told to give up while NATS is away again', async () => {
    await using own = await startNats();
    const { lines, logger } = recorder();
    const stop = new AbortController();
    const counter = counterService();
    const starting = startService(
      {
        ...counter,
        module: (env) => ({
          module: class Unlucky {},
          imports: [counter.module(env)],
          providers: [{ provide: 'unlucky', useFactory: () => own.kill() }],
        }),
      },
      { env: { NATS_URL: own.url, HEALTH_PORT: '-1' }, logger, signal: stop.signal },
    );
    await eventually(() =>
      lines.some(({ msg }) => msg.startsWith('NATS went away while the service started')),
    );
    stop.abort();
    await expect(starting).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('says at once, and not a hundred times, that NATS does not let it in', async () => {
    await using strict = await startNats({ config: 'authorization { user: me, password: right }' });
    const healthPort = await freePort();
    const { lines, logger } = recorder();
    const stop = new AbortController();
    const starting = startService(counterService(), {
      env: { NATS_URL: strict.url.replace('//', '//me:wrong@'), HEALTH_PORT: String(healthPort) },
      logger,
      signal: stop.signal,
    });
    const refusals = () => lines.filter(({ msg }) => msg.startsWith('NATS refuses'));
    await eventually(() => refusals().length > 0);
    const { body } = await ready(healthPort);
    stop.abort();
    await expect(starting).rejects.toMatchObject({ code: 'cancelled' });
    expect(body.checks['service']?.error).toBe('starting: no connection to NATS: Authorization Violation');
    expect(refusals()[0]).toMatchObject({ level: 'error', reason: 'Authorization Violation' });
    expect(JSON.stringify(lines)).not.toContain('wrong');
    expect(refusals()).toHaveLength(1);
  });

  it('does not wait with a credentials file that is none', async () => {
    const env = { ...quiet, NATS_URL: nats.url, NATS_CREDENTIALS_FILE: '/nowhere/x.creds' };
    await expect(startService(counterService(), { env })).rejects.toMatchObject({
      name: 'StartError',
      message: expect.stringMatching(/^NATS_CREDENTIALS_FILE can not be used: ENOENT/),
    });
  });

  it('is not ready while NATS is away, and again when it is back', async () => {
    await using own = await startNats();
    const service = await startService(counterService(), { env: { ...quiet, NATS_URL: own.url } });
    expect((await ready(service.healthPort)).status).toBe(200);
    await own.kill();
    await eventually(async () => (await ready(service.healthPort)).status === 503);
    expect((await ready(service.healthPort)).body.checks['nats']).toEqual({
      ok: false,
      error: 'not connected',
    });
    await own.restart();
    await eventually(async () => (await ready(service.healthPort)).status === 200);
    await service.stop();
  });

  it('leaves nothing open when the start fails', async () => {
    const healthPort = await freePort();
    const failing = startService(
      {
        ...counterService(),
        module: () => {
          throw new Error('cannot be wired');
        },
      },
      { env: { ...quiet, NATS_URL: nats.url, HEALTH_PORT: String(healthPort) } },
    );
    await expect(failing).rejects.toThrow('cannot be wired');
    await expect(fetch(`http://127.0.0.1:${healthPort}/health/live`)).rejects.toThrow();
  });

  it('refuses wrong settings before anything is opened', async () => {
    const start = async () => startService(counterService(), { env: { OFFSET: 'x', HEALTH_PORT: '70000' } });
    await expect(start()).rejects.toMatchObject({
      name: 'EnvError',
      mistakes: [{ name: 'HEALTH_PORT' }, { name: 'OFFSET' }],
    });
  });
});
