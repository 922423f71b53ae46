import { Metrics } from '../metrics/metrics.js';
import { Health } from './health.js';
import { startHealthServer, type HealthServer } from './health-server.js';

describe('startHealthServer', () => {
  const health = new Health();
  const metrics = new Metrics();
  let server: HealthServer;
  const get = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server.port}${path}`, init);

  beforeAll(async () => {
    server = await startHealthServer({ host: '127.0.0.1', port: 0, health, metrics });
  });
  afterAll(() => server.close());

  it('is alive', async () => {
    expect((await get('/health/live')).status).toBe(200);
  });

  it('answers 200 or 503 with the reason', async () => {
    health.add('nats', () => undefined);
    expect((await get('/health/ready')).status).toBe(200);
    health.add('nats', () => {
      throw new Error('gone');
    });
    const unready = await get('/health/ready?verbose');
    expect(unready.status).toBe(503);
    expect(await unready.json()).toEqual({
      status: 'unready',
      checks: { nats: { ok: false, error: 'gone' } },
    });
  });

  it('serves metrics', async () => {
    const response = await get('/metrics');
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await response.text()).toContain('process_cpu_seconds_total');
  });

  it('says 500 when a metric cannot be read, and goes on', async () => {
    metrics.gauge('broken', 'Broken.', [], () => Promise.reject(new Error('cannot read')));
    const response = await get('/metrics');
    expect([response.status, await response.text()]).toEqual([500, 'cannot read\n']);
    expect((await get('/health/live')).status).toBe(200);
  });

  it.each([
    ['/etc/passwd', {}, 404],
    ['/health/live', { method: 'POST', body: 'x' }, 405],
    ['/health/live', { headers: { big: 'x'.repeat(20_000) } }, 431],
  ])('refuses %s %#', async (path, init, status) => {
    expect((await get(path, init)).status).toBe(status);
  });

  it('refuses a taken port with the reason', async () => {
    await expect(
      startHealthServer({ host: '127.0.0.1', port: server.port, health, metrics }),
    ).rejects.toThrow('EADDRINUSE');
  });
});
