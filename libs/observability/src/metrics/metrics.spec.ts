import { Metrics } from './metrics.js';

describe('Metrics', () => {
  it('writes the Prometheus text format with the labels of the service', async () => {
    const metrics = new Metrics({ service: 'registry' });
    metrics.counter('millrace_requests_total', 'Requests.', ['operation']).inc({ operation: 'model.get' });
    metrics.histogram('millrace_request_seconds', 'Time.').observe(0.002);
    const text = await metrics.text();
    expect(text).toContain('# TYPE millrace_requests_total counter');
    expect(text).toContain('millrace_requests_total{operation="model.get",service="registry"} 1');
    expect(text).toContain('millrace_request_seconds_bucket{le="0.0025",service="registry"} 1');
    expect(text).toMatch(/process_resident_memory_bytes{service="registry"} \d{7,}/);
  });

  it('yields the same metric for the same name', async () => {
    const metrics = new Metrics();
    metrics.counter('a_total', 'A.').inc();
    metrics.counter('a_total', 'A.').inc();
    expect(await metrics.text()).toContain('a_total 2');
  });

  it('reads a collected gauge at each scrape', async () => {
    const metrics = new Metrics();
    let depth = 1;
    metrics.gauge('depth', 'Depth.', [], (gauge) => gauge.set(depth));
    expect(await metrics.text()).toContain('depth 1');
    depth = 7;
    expect(await metrics.text()).toContain('depth 7');
  });

  it('keeps two services of one process apart', async () => {
    const [a, b] = [new Metrics(), new Metrics()];
    a.counter('x_total', 'X.').inc();
    expect(await b.text()).not.toContain('x_total');
  });
});
