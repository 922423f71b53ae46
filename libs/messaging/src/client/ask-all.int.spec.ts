import { startNats, type TestNats } from '@millrace/testing';
import { NestFactory } from '@nestjs/core';
import { connectNats } from '../connection/connect-nats.js';
import { everyone, GreeterModule, Greeting } from '../server/greeter.fixture.js';
import { NatsStrategy } from '../server/nats-strategy.js';
import { MessagingClient } from './messaging-client.js';

describe('asking every replica', () => {
  let nats: TestNats;
  const stops: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    nats = await startNats({ jetstream: false });
  });
  afterAll(async () => {
    for (const stop of stops) await stop();
    await nats.stop();
  });

  const open = async (prefix: string): Promise<MessagingClient> => {
    const nc = await connectNats({ url: nats.url, name: prefix });
    const client = new MessagingClient(nc, { prefix });
    stops.push(async () => {
      client.close();
      await nc.close();
    });
    return client;
  };

  const start = async (prefix: string): Promise<Greeting> => {
    const strategy = new NatsStrategy({
      client: await open(prefix),
      service: { name: 'greeter', version: '1.2.3' },
    });
    const service = await NestFactory.createMicroservice(GreeterModule, { strategy, logger: false });
    await service.listen();
    const greeting = service.get(Greeting);
    stops.unshift(async () => {
      greeting.release();
      await service.close();
    });
    return greeting;
  };

  it('reaches all of its own prefix, and says how many did not answer', async () => {
    const [one, two] = [await start('t.v1'), await start('t.v1'), await start('t.v2')];
    const caller = await open('t.v1');
    const ask = (name: string, timeoutMs = 3_000) => caller.requestAll(everyone, { name }, { timeoutMs });
    const hello = { text: 'hello Ada' };
    expect(await ask('Ada')).toEqual({ replies: [hello, hello], errors: [], silent: 0 });
    expect(await ask('nobody')).toMatchObject({
      replies: [],
      errors: [{ code: 'not_found' }, { code: 'not_found' }],
      silent: 0,
    });
    two.quiet = true;
    expect(await ask('Ada', 200)).toEqual({ replies: [hello], errors: [], silent: 1 });
    one.quiet = true;
    await expect(ask('Ada', 200)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('says when nobody is there', async () => {
    const caller = await open('t.v3');
    await expect(caller.requestAll(everyone, { name: 'Ada' })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});
