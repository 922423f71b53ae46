import 'reflect-metadata';
import { healthGetOf } from '@millrace/contracts';
import { connectNats, MessagingClient } from '@millrace/messaging';
import { startNats, type TestNats } from '@millrace/testing';
import { startService } from '../index.js';
import { add, counterService } from './counter.fixture.js';

const quiet = { LOG_LEVEL: 'silent' };

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

    await Promise.all([service.stop(), service.stop()]);
    await expect(client.request(add('counter'), { a: 1, b: 2 })).rejects.toMatchObject({
      code: 'unavailable',
    });
    await expect(fetch(`http://127.0.0.1:${service.healthPort}/health/live`)).rejects.toThrow();
  });
});
