import { freePort, startNats } from '@millrace/testing';
import { connectNats, serversOf } from './connect-nats.js';

describe('serversOf', () => {
  it.each<[url: string, options: object]>([
    ['nats://127.0.0.1:4222', { servers: ['127.0.0.1:4222'] }],
    ['127.0.0.1:4222', { servers: ['127.0.0.1:4222'] }],
    ['nats://a:1, nats://b:2', { servers: ['a:1', 'b:2'] }],
    ['nats://me:p%40ss@host:4222', { servers: ['host:4222'], user: 'me', pass: 'p@ss' }],
    ['nats://s3cret@host:4222', { servers: ['host:4222'], token: 's3cret' }],
    ['tls://host:4222', { servers: ['host:4222'], tls: {} }],
    ['nats://[::1]:4222', { servers: ['[::1]:4222'] }],
  ])('%s', (url, options) => expect(serversOf(url)).toEqual(options));
});

describe('connectNats', () => {
  it('waits for a server that is away at first, and says so', async () => {
    await using nats = await startNats({ jetstream: false });
    await nats.kill();
    let tries = 0;
    const connecting = connectNats({ url: nats.url, name: 'early', onRetry: () => void tries++ });
    await expect(
      connectNats({ url: nats.url, name: 'hurried', firstConnectTimeoutMs: 100 }),
    ).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('connection refused') });
    await nats.restart();
    const nc = await connecting;
    expect(tries).toBeGreaterThan(0);
    await nc.close();
  });

  it('gives up when told to', async () => {
    const controller = new AbortController();
    const url = `nats://127.0.0.1:${await freePort()}`;
    const connecting = connectNats({
      url,
      name: 'n',
      signal: controller.signal,
      onRetry: () => controller.abort(),
    });
    await expect(connecting).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('signs in as the URL says', async () => {
    await using nats = await startNats({ config: 'authorization { user: me, password: "p@ss" }' });
    const nc = await connectNats({ url: nats.url.replace('//', '//me:p%40ss@'), name: 'n' });
    await nc.close();
    await expect(
      connectNats({ url: nats.url.replace('//', '//me:wrong@'), name: 'n', firstConnectTimeoutMs: 1 }),
    ).rejects.toMatchObject({ code: 'unavailable', message: expect.stringMatching(/authorization/i) });
  });
});
