import { pipelineSchema } from '@millrace/contracts';
import { TestGateway } from '../testing/gateway.js';

describe('schemas', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  afterAll(() => gateway.stop());
  const get = (headers: Record<string, string> = {}, method = 'GET') =>
    gateway.fetch('/v1/schemas/pipeline.json', { method, headers });

  it('are served without any service behind', async () => {
    const response = await get();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/schema+json; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(pipelineSchema)));
    const head = await get({}, 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('are not sent again to who has them', async () => {
    const tag = (await get()).headers.get('etag') ?? '';
    for (const known of [tag, `W/${tag}`, `"old", ${tag}`, '*']) {
      const response = await get({ 'If-None-Match': known });
      expect([known, response.status, await response.text()]).toEqual([known, 304, '']);
      expect(response.headers.get('etag')).toBe(tag);
    }
    expect((await get({ 'If-None-Match': '"old"' })).status).toBe(200);
  });

  it('are few', async () => {
    expect((await gateway.fetch('/v1/schemas/run.json')).status).toBe(404);
    expect((await gateway.send('POST', '/v1/schemas/pipeline.json', {})).status).toBe(405);
  });
});
