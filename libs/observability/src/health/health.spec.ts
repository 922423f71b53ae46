import { Health } from './health.js';

describe('Health', () => {
  it('is ready when every check passes', async () => {
    const health = new Health();
    health.add('nats', () => undefined);
    health.add('database', () => Promise.resolve());
    expect(await health.status()).toEqual({
      status: 'ready',
      checks: { nats: { ok: true }, database: { ok: true } },
    });
  });

  it('names what is not well and why, however it fails', async () => {
    const health = new Health(20);
    health.add('fine', () => undefined);
    health.add('throws', () => {
      throw new Error('gone');
    });
    health.add('rejects', () => Promise.reject('away'));
    health.add('hangs', () => new Promise(() => undefined));
    expect(await health.status()).toEqual({
      status: 'unready',
      checks: {
        fine: { ok: true },
        throws: { ok: false, error: 'gone' },
        rejects: { ok: false, error: 'away' },
        hangs: { ok: false, error: 'no answer within 20 ms' },
      },
    });
  });

  it('recovers', async () => {
    const health = new Health();
    health.add('nats', () => {
      throw new Error('gone');
    });
    expect((await health.status()).status).toBe('unready');
    health.add('nats', () => undefined);
    expect((await health.status()).status).toBe('ready');
  });
});
