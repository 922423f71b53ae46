import { openApiDocument } from './openapi-document.js';
import { TestGateway } from '../testing/gateway.js';

describe('the documentation', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  afterAll(() => gateway.stop());

  it('is the OpenAPI document', async () => {
    const response = await gateway.fetch('/openapi.json');
    const document = (await response.json()) as ReturnType<typeof openApiDocument>;
    expect(document.openapi).toBe('3.1.1');
    expect(document.paths).toHaveProperty(['/v1/runs/{run}', 'get']);
  });

  it('names the routes that there are', async () => {
    const { paths } = openApiDocument('1.0.0');
    for (const [path, methods] of Object.entries(paths)) {
      const url = path.replace(/\{\w+\}/g, '1');
      const { status, headers } = await gateway.send('PATCH', url, {});
      expect([url, status]).toEqual([url, 405]);
      const allowed = headers.get('allow')?.split(', ') ?? [];
      expect(allowed).toEqual(
        expect.arrayContaining(Object.keys(methods).map((method) => method.toUpperCase())),
      );
    }
  });

  it('is a page that loads everything from here', async () => {
    const page = await gateway.fetch('/docs');
    const html = await page.text();
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const linked = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url as string);
    expect(linked).toHaveLength(3);
    for (const url of linked) {
      expect(url).toMatch(/^\/docs\//);
      const response = await gateway.fetch(url);
      expect([url, response.status]).toEqual([url, 200]);
      expect(response.headers.get('content-type')).toMatch(
        url.endsWith('.css') ? /^text\/css/ : /^text\/javascript/,
      );
      expect((await response.text()).length).toBeGreaterThan(50);
    }
  });

  it.each([
    '/docs/package.json',
    '/docs/..%2F..%2Fpackage.json',
    '/docs/%2e%2e/%2e%2e/etc/passwd',
    '/docs/toString',
  ])('has no file %s', async (path) => {
    expect((await gateway.fetch(path)).status).toBe(404);
  });
});
