import { request as httpRequest } from 'node:http';
import { decodeJson } from '@millrace/messaging';
import { Metrics } from '@millrace/observability';
import { eventually } from '@millrace/testing';
import { TestGateway } from '../testing/gateway.js';
import { RawHttp } from '../testing/raw-http.js';

const json = { 'Content-Type': 'application/json' };

describe('hostile HTTP', () => {
  let gateway: TestGateway;
  let release: (() => void)[] = [];
  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = json) =>
    gateway.fetch('/v1/runs', { method: 'POST', body, headers });
  const raw = () => new RawHttp(gateway.port);

  beforeAll(async () => {
    gateway = await TestGateway.start({
      HTTP_BODY_LIMIT_BYTES: '4096',
      HTTP_REQUEST_TIMEOUT_MS: '400',
      HTTP_MAX_IN_FLIGHT: '3',
      HTTP_MAX_CONNECTIONS: '20',
      HTTP_ALLOWED_HOSTS: 'ml.example.com',
    });
    await gateway.answer('orchestrator.run.start', (message) => decodeJson(message.data) as object);
    await gateway.answer('orchestrator.run.list', () => ({ items: [] }));
    gateway.client.nc.subscribe('millrace.v1.ingestion.dataset.list', {
      callback: (_error, message) => void release.push(() => message.respond('{"items":[]}')),
    });
    await gateway.client.nc.flush();
  });
  afterAll(() => gateway.stop());
  afterEach(async () => {
    const response = await gateway.fetch('/v1/runs');
    expect(response.status).toBe(200);
  });

  it.each([
    ['too large', JSON.stringify({ pipeline: 'x'.repeat(5000) }), 413, 'payload_too_large'],
    ['nested without end', `{"params":${'['.repeat(1500)}${']'.repeat(1500)}}`, 400, 'invalid_request'],
    ['half a document', '{"pipeline":', 400, 'invalid_request'],
    ['an array', '[]', 400, 'invalid_request'],
    ['a prototype', '{"pipeline":"x","__proto__":{"cache":false}}', 400, 'invalid_request'],
    ['a lone surrogate', '{"pipeline":"\\ud800"}', 400, 'invalid_request'],
    ['an infinite number', '{"pipeline":"x","params":{"rows":1e999}}', 400, 'invalid_request'],
  ])('refuses a body that is %s', async (_, body, status, code) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code, status });
  });

  it('refuses a body that is not UTF-8', async () => {
    const response = await post(Uint8Array.of(0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d));
    expect(await response.json()).toMatchObject({
      status: 400,
      errors: [{ field: 'body', message: 'is not UTF-8' }],
    });
  });

  it.each([
    ['text', { 'Content-Type': 'text/plain' }],
    ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['UTF-16', { 'Content-Type': 'application/json; charset=utf-16' }],
    ['gzip', { ...json, 'Content-Encoding': 'gzip' }],
  ])('refuses a body that is %s', async (_, headers) => {
    const response = await post('{"pipeline":"x"}', headers);
    expect([response.status, ((await response.json()) as { status: number }).status]).toEqual([415, 415]);
  });

  it('counts the bytes of a body that does not say how long it is', async () => {
    const client = raw().write(
      'POST /v1/runs HTTP/1.1',
      'Host: localhost',
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
      '',
      '',
    );
    for (let i = 0; i < 20; i++) client.write('400', 'x'.repeat(1024), '');
    await client.closed;
    expect(client.status).toBe(413);
  });

  it('reads a chunked body that is small enough', async () => {
    const client = raw().write(
      'POST /v1/runs HTTP/1.1',
      'Host: localhost',
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
      'Connection: close',
      '',
      '',
    );
    client.write('8', '{"pipeli', '8', 'ne":"x"}', '0', '', '');
    await client.closed;
    expect(client.status).toBe(201);
    expect(client.received).toContain('{"pipeline":"x"}');
  });

  it.each([
    ['headers that trickle', ['GET /v1/runs HTTP/1.1', 'Host: localhost', 'X: 1']],
    [
      'a body that trickles',
      [
        'POST /v1/runs HTTP/1.1',
        'Host: localhost',
        'Content-Type: application/json',
        'Content-Length: 100',
        '',
        '{',
      ],
    ],
    [
      'a chunked body that trickles',
      [
        'POST /v1/runs HTTP/1.1',
        'Host: localhost',
        'Content-Type: application/json',
        'Transfer-Encoding: chunked',
        '',
        '1',
        '{',
        '',
      ],
    ],
  ])('waits only so long for %s', async (_, lines) => {
    const client = raw().write(...lines);
    await client.closed;
    expect(client.status).toBe(408);
  });

  it('lets go of connections on which nothing is asked', async () => {
    const client = raw();
    await client.closed;
    expect(client.received).toMatch(/^(HTTP\/1\.1 408|$)/);
  });

  it.each([
    [
      'headers beyond all measure',
      ['GET /v1/runs HTTP/1.1', 'Host: localhost', `X: ${'x'.repeat(20_000)}`, '', ''],
      431,
    ],
    ['what is not HTTP', ['\x16\x03\x01\x02', ''], 400],
    [
      'two lengths',
      ['POST /v1/runs HTTP/1.1', 'Host: localhost', 'Content-Length: 1', 'Content-Length: 2', '', 'ab'],
      400,
    ],
    [
      'a length and chunks',
      [
        'POST /v1/runs HTTP/1.1',
        'Host: localhost',
        'Content-Length: 3',
        'Transfer-Encoding: chunked',
        '',
        '0',
        '',
        '',
      ],
      400,
    ],
    ['no Host', ['GET /v1/runs HTTP/1.1', 'Connection: close', '', ''], 400],
    ['a malformed URL', ['GET /v1/runs/%zz HTTP/1.1', 'Host: localhost', 'Connection: close', '', ''], 400],
    [
      'an endless parameter',
      [`GET /v1/runs/${'r'.repeat(1000)} HTTP/1.1`, 'Host: localhost', 'Connection: close', '', ''],
      414,
    ],
  ])('refuses %s', async (_, lines, status) => {
    const client = raw().write(...lines);
    await client.closed;
    expect(client.status).toBe(status);
    expect(client.received).toContain('"code":"invalid_request"');
  });

  it('answers to names that no web page can make its own, or that a setting names', async () => {
    const to = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        httpRequest({ port: gateway.port, path: '/v1/runs', headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await to('rebound.example')).toBe(421);
    expect(await to('ml.example.com')).toBe(200);
    expect(await to('localhost')).toBe(200);
  });

  it("refuses another site's page, and lets no other site's page read", async () => {
    const foreign = { ...json, Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
    const response = await post('{"pipeline":"x"}', foreign);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'forbidden' });
    const read = await gateway.fetch('/v1/runs', { headers: { Origin: 'https://evil.example' } });
    expect(read.headers.get('access-control-allow-origin')).toBeNull();
    const preflight = await gateway.fetch('/v1/runs', {
      method: 'OPTIONS',
      headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([405, null]);
  });

  it.each(['/v1/runs', '/v1/nothing', '/v2/health/live'])('sends security headers with %s', async (path) => {
    const { headers } = await gateway.fetch(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('refuses at once what could only queue, and is free again when it was answered', async () => {
    release = [];
    const waiting = [1, 2, 3].map(() => gateway.fetch('/v1/datasets'));
    await eventually(() => release.length === 3);
    const refused = await gateway.fetch('/v1/datasets');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await refused.json()).toMatchObject({ code: 'overloaded', retryable: true });
    release.forEach((answer) => answer());
    for (const response of await Promise.all(waiting)) expect(response.status).toBe(200);
  });

  it('is free again when callers hang up', async () => {
    release = [];
    const callers = [1, 2, 3].map(() => raw().write('GET /v1/datasets HTTP/1.1', 'Host: localhost', '', ''));
    await eventually(() => release.length === 3);
    callers.forEach((caller) => caller.close());
    await eventually(async () => (await gateway.fetch('/v1/runs')).status === 200);
  });

  it('stops although connections are silent or trickle, and finishes what it answers', async () => {
    const other = await TestGateway.start({ SHUTDOWN_TIMEOUT_MS: '1000' });
    const answered: (() => void)[] = [];
    other.client.nc.subscribe('millrace.v1.ingestion.dataset.list', {
      callback: (_error, message) => void answered.push(() => message.respond('{"items":[]}')),
    });
    await other.client.nc.flush();
    const silent = new RawHttp(other.port);
    const trickling = new RawHttp(other.port).write('GET /v1/runs HTTP/1.1', 'Host: localhost', 'X: 1');
    const response = other.fetch('/v1/datasets');
    await eventually(() => answered.length === 1);
    const stopped = other.stop();
    await silent.closed;
    answered.forEach((answer) => answer());
    expect((await response).status).toBe(200);
    await Promise.all([stopped, trickling.closed]);
  });

  it('measures by route, not by what callers put into a path', async () => {
    await gateway.fetch('/v1/runs/a');
    await gateway.fetch('/v1/runs/b');
    await gateway.fetch('/v1/nonsense');
    const text = await gateway.service.app.get(Metrics).text();
    expect(text).toMatch(
      /millrace_http_request_duration_seconds_count\{.*route="\/v1\/runs\/:run".*status="503".*\} 2/,
    );
    expect(text).toContain('route="none"');
    expect(text).not.toContain('nonsense');
  });

  it('closes connections beyond the limit and serves those it has', async () => {
    const flood = Array.from({ length: 40 }, () => raw());
    await Promise.all(flood.map(({ closed }) => closed));
    expect(flood.filter(({ received }) => received === '').length).toBeGreaterThanOrEqual(20);
  });
});
