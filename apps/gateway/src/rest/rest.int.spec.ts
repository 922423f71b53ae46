import { DomainError, InvalidRequest } from '@millrace/contracts';
import { decodeJson } from '@millrace/messaging';
import type { Msg } from '@nats-io/transport-node';
import { TestGateway } from '../testing/gateway.js';

const problem = 'application/problem+json; charset=utf-8';

describe('REST', () => {
  let gateway: TestGateway;
  const requests: Msg[] = [];
  const echo = (message: Msg) => {
    requests.push(message);
    return decodeJson(message.data) as object;
  };
  const last = () => requests.at(-1) as Msg;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    for (const subject of ['orchestrator.run.list', 'orchestrator.run.start', 'orchestrator.run.cancel'])
      await gateway.answer(subject, echo);
    await gateway.answer('registry.alias.set', echo);
    await gateway.answer('registry.alias.get', echo);
    await gateway.answer('registry.version.register', echo);
  });
  afterAll(() => gateway.stop());

  it('makes a request of the query, converted', async () => {
    const response = await gateway.fetch('/v1/runs?limit=5&status=failed');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toEqual({ limit: 5, status: 'failed' });
  });

  it('makes a request of path and body, and answers with the status of the binding', async () => {
    const alias = await gateway.send('PUT', '/v1/models/flights/aliases/champion', { version: 3 });
    expect([alias.status, await alias.json()]).toEqual([
      200,
      { name: 'flights', alias: 'champion', version: 3 },
    ]);
    const found = await gateway.fetch('/v1/models/flights/aliases/champion');
    expect([found.status, await found.json()]).toEqual([200, { name: 'flights', alias: 'champion' }]);
    const run = await gateway.send('POST', '/v1/runs', { pipeline: 'flights', params: { rows: 10 } });
    expect([run.status, await run.json()]).toEqual([201, { pipeline: 'flights', params: { rows: 10 } }]);
    const cancel = await gateway.fetch('/v1/runs/r1/cancel', { method: 'POST' });
    expect([cancel.status, await cancel.json()]).toEqual([200, { run: 'r1' }]);
  });

  it('takes the idempotency key from its header', async () => {
    const response = await gateway.send(
      'POST',
      '/v1/runs',
      { pipeline: 'flights' },
      { 'Idempotency-Key': 'k1' },
    );
    expect(await response.json()).toEqual({ pipeline: 'flights', idempotencyKey: 'k1' });
    const differs = { pipeline: 'flights', idempotencyKey: 'k2' };
    const refused = await gateway.send('POST', '/v1/runs', differs, { 'Idempotency-Key': 'k1' });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ errors: [{ field: 'idempotencyKey' }] });
  });

  it('names every mistake at once, and asks nobody', async () => {
    const before = requests.length;
    const body = { model: { type: 'model', digest: 'sha256:zz', size: -1 }, idempotencyKey: '', surplus: 1 };
    const response = await gateway.send('POST', '/v1/models/Flights/versions', body);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe(problem);
    const { errors, ...rest } = (await response.json()) as { errors: { field: string }[] };
    expect(rest).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      code: 'invalid_request',
      retryable: false,
      detail: expect.any(String) as string,
    });
    expect(errors.map(({ field }) => field).sort()).toEqual([
      'idempotencyKey',
      'model.digest',
      'model.size',
      'name',
      'surplus',
    ]);
    expect(requests.length).toBe(before);
  });

  it.each([
    ['/v1/runs?limit=0', 'limit'],
    ['/v1/runs?limit=1e9', 'limit'],
    ['/v1/runs?limit=many', 'limit'],
    ['/v1/runs?limit=1&limit=2', 'limit'],
    ['/v1/runs?status=lost', 'status'],
    ['/v1/runs?colour=red', 'colour'],
    ['/v1/models/flights/versions/first', 'version'],
  ])('refuses %s', async (path, field) => {
    const response = await gateway.fetch(path);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ field }] });
  });

  it('refuses a query where the body is the place', async () => {
    const response = await gateway.fetch('/v1/runs/r1/cancel?force=true', { method: 'POST' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ field: 'force' }] });
  });

  it("passes on a service's refusal with its code, fields and what else it said", async () => {
    await gateway.answer('orchestrator.pipeline.submit', () => {
      const line = { field: 'steps.fit.component', message: 'is not known', line: 7 };
      throw new InvalidRequest([line]);
    });
    const response = await gateway.send('POST', '/v1/pipelines', { yaml: 'name: x' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: 'invalid_request',
      errors: [{ field: 'steps.fit.component', message: 'is not known', line: 7 }],
    });

    await gateway.answer('orchestrator.run.get', () => {
      throw new DomainError('conflict', 'somebody was faster', { retryable: true, details: { revision: 4 } });
    });
    const conflict = await gateway.fetch('/v1/runs/r1');
    expect(conflict.status).toBe(409);
    expect(await conflict.json()).toMatchObject({
      code: 'conflict',
      retryable: true,
      details: { revision: 4 },
    });
  });

  it('says that a service is away, that it may come back, and which', async () => {
    const response = await gateway.fetch('/v1/datasets');
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toMatchObject({ code: 'unavailable', retryable: true });
  });

  it("keeps to the caller's time, and tells on what is left of it", async () => {
    const anHourAgo = { 'Millrace-Timeout': '900', 'Millrace-Deadline': String(Date.now() - 3_600_000) };
    await gateway.fetch('/v1/runs', { headers: anHourAgo });
    expect(Number(last().headers?.get('Millrace-Timeout'))).toBeLessThanOrEqual(900);
    expect(last().headers?.get('Millrace-Timeout')).not.toBe('');
    const none = await gateway.fetch('/v1/runs', { headers: { 'Millrace-Timeout': '0' } });
    expect(none.status).toBe(504);
    const hostile = await gateway.fetch('/v1/runs', { headers: { 'Millrace-Timeout': '1e999' } });
    expect(await hostile.json()).toMatchObject({ status: 400, errors: [{ field: 'Millrace-Timeout' }] });
  });

  it("keeps the caller's deadline, and tells it on", async () => {
    await gateway.fetch('/v1/runs', { headers: { 'Millrace-Deadline': String(Date.now() + 1_000) } });
    expect(Number(last().headers?.get('Millrace-Deadline')) - Date.now()).toBeLessThanOrEqual(1_000);
    const late = await gateway.fetch('/v1/runs', {
      headers: { 'Millrace-Deadline': String(Date.now() - 1) },
    });
    expect([late.status, ((await late.json()) as { code: string }).code]).toEqual([504, 'deadline_exceeded']);
    const nonsense = await gateway.fetch('/v1/runs', { headers: { 'Millrace-Deadline': 'soon' } });
    expect(await nonsense.json()).toMatchObject({ status: 400, errors: [{ field: 'Millrace-Deadline' }] });
  });

  it("carries the caller's trace on", async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    await gateway.fetch('/v1/runs', { headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` } });
    expect(last().headers?.get('traceparent')).toContain(traceId);
  });

  it('tells a wrong method from a wrong path', async () => {
    const method = await gateway.send('PATCH', '/v1/runs', {});
    expect([method.status, method.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
    expect(await method.json()).toMatchObject({ code: 'invalid_request', status: 405 });
    const path = await gateway.fetch('/v1/rums');
    expect([path.status, path.headers.get('content-type')]).toEqual([404, problem]);
    expect(await path.json()).toMatchObject({ code: 'not_found' });
  });
});
