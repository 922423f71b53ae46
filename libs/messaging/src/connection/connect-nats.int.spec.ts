import { freePort, startNats } from '@millrace/testing';
import { connectNats, serversOf } from './connect-nats.js';

const withUser = 'must be nats://user:password@host:port, with user and password percent-encoded';

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

  it.each([
    ['', 'must be nats://host:port'],
    ['nats://', 'must be nats://host:port'],
    ['nats://a:1,', 'must be nats://host:port'],
    ['nats:/a:1', 'must be nats://host:port'],
    ['nats://a:1/b?tls=true', 'must be nats://host:port'],
    ['nats://me:se cret@a b:1', withUser],
    ['nats://me:50%@a:1', withUser],
    ['nats://me:se#cret@a:1', withUser],
    ['nats://a:99999', 'must be nats://host:port'],
    ['http://me:secret@a:1', 'must begin with nats:// or tls://, not with http://'],
  ])("refuses '%s', and tells no password", (url, message) => {
    expect(() => serversOf(url)).toThrow(
      expect.objectContaining({ details: { fields: [{ field: 'url', message }] } }),
    );
  });
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

  it('refuses a credentials file that is missing or none, without waiting', async () => {
    for (const [file, why] of [
      ['/nowhere/x.creds', 'ENOENT'],
      [import.meta.filename, 'parse'],
    ] as const)
      await expect(
        connectNats({ url: 'nats://127.0.0.1:1', name: 'n', credentialsFile: file }),
      ).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringContaining(why) });
  });

  it('signs in as the URL says', async () => {
    await using nats = await startNats({ config: 'authorization { user: me, password: "p@ss" }' });
    const nc = await connectNats({ url: nats.url.replace('//', '//me:p%40ss@'), name: 'n' });
    await nc.close();
    await expect(
      connectNats({ url: nats.url.replace('//', '//me:wrong@'), name: 'n', firstConnectTimeoutMs: 1 }),
    ).rejects.toMatchObject({ code: 'unauthenticated', message: expect.stringMatching(/authorization/i) });
  });
});
