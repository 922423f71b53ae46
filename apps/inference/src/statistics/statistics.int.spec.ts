import { modelStatistics, sumStatistics, type ModelStatisticsView } from '@millrace/contracts';
import { line, openBench, type Bench } from '../testing/bench.js';
import { putLine } from '../testing/models.js';

describe('statistics', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
    bench.deployment.want('line', 7, await putLine(bench.artifacts, 2));
    bench.deployment.want('idle', 1, await putLine(bench.artifacts, 3));
    const health = { HEALTH_PORT: '0' };
    await Promise.all([
      bench.start(health),
      bench.start({ ...health, REPLICA_ID: 'r2', DATA_DIR: `${bench.env.DATA_DIR}2` }),
    ]);
    await bench.settledEverywhere(2);
  }, 30_000);
  afterAll(() => bench?.[Symbol.asyncDispose]());

  const ask = async (query: object = {}): Promise<ModelStatisticsView[]> => {
    const { replies } = await bench.client.requestAll(modelStatistics, query);
    expect(replies).toHaveLength(2);
    return sumStatistics(replies).model_stats;
  };

  it('count what all replicas did, by version', async () => {
    const before = Date.now();
    await Promise.all(Array.from({ length: 20 }, () => bench.infer('line', line(1, 2, 3))));
    await expect(bench.infer('line', line('one'))).rejects.toMatchObject({ code: 'invalid_request' });
    const [idle, served] = await ask();
    expect(idle).toMatchObject({
      name: 'idle',
      version: '1',
      last_inference: 0,
      inference_count: 0,
      batch_stats: [],
    });
    expect(served).toMatchObject({ name: 'line', version: '7', inference_count: 60 });
    expect(served!.last_inference).toBeGreaterThanOrEqual(before - 1_000);
    const { success, fail, ...parts } = served!.inference_stats;
    expect([success.count, fail.count]).toEqual([20, 1]);
    for (const part of Object.values(parts)) {
      expect(part.count).toBe(20);
      expect(part.ns).toBeLessThanOrEqual(success.ns);
    }
    expect(parts.compute_infer.ns).toBeGreaterThan(0);
    const runs = served!.batch_stats.map(({ batch_size, compute_infer }) => [
      batch_size,
      compute_infer.count,
    ]);
    expect(runs.reduce((sum, [, count]) => sum + count!, 0)).toBe(served!.execution_count);
    expect(runs.reduce((sum, [size, count]) => sum + size! * count!, 0)).toBe(60);
  });

  it('are told of one endpoint, and of one version', async () => {
    expect((await ask({ endpoint: 'line' })).map(({ name }) => name)).toEqual(['line']);
    expect((await ask({ endpoint: 'line', version: 7 })).map(({ name }) => name)).toEqual(['line']);
    const unknown = await bench.client.requestAll(modelStatistics, { endpoint: 'line', version: 8 });
    expect(unknown.errors).toEqual(Array(2).fill(expect.objectContaining({ code: 'not_found' })));
  });

  it('are metrics under the names that Triton gives them', async () => {
    const texts = await bench.metrics();
    const count = (name: string): number =>
      texts
        .flatMap((text) => text.split('\n'))
        .filter((metric) => metric.startsWith(`${name}{`) && metric.includes('model="line",version="7"'))
        .reduce((sum, metric) => sum + Number(metric.split(' ').at(-1)), 0);
    expect([
      count('nv_inference_request_success'),
      count('nv_inference_request_failure'),
      count('nv_inference_count'),
    ]).toEqual([20, 1, 60]);
    expect(count('nv_inference_exec_count')).toBeGreaterThan(0);
    for (const part of ['request', 'compute_infer'])
      expect(count(`nv_inference_${part}_duration_us`)).toBeGreaterThan(0);
  });
});
