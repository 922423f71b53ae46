import { readDataset } from '@millrace/artifacts';
import { runComponent } from '@millrace/component';
import type { ArtifactRef } from '@millrace/contracts';
import { openBench, type Bench } from '../testing/bench.js';
import { QueryComponent } from './query.component.js';

describe('transform.query', () => {
  let bench: Bench;
  let dataset: ArtifactRef;
  beforeAll(async () => {
    bench = await openBench();
    dataset = await bench.dataset('origin,delay\nATL,5\nJFK,20\nSFO,\n');
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  const run = (sql: string) =>
    runComponent(new QueryComponent(bench.data), {
      artifacts: bench.artifacts,
      inputs: { dataset },
      params: { sql },
    });

  it('makes a new dataset that says how', async () => {
    const sql = 'SELECT origin, delay > 15 AS late FROM dataset WHERE delay IS NOT NULL';
    const { outputs, metrics } = await run(sql);
    expect(await bench.rows(outputs.dataset)).toEqual([
      { origin: 'ATL', late: false },
      { origin: 'JFK', late: true },
    ]);
    expect(metrics).toEqual({ rows: 2, columns: 2 });
    const { manifest } = await readDataset(bench.artifacts, outputs.dataset as ArtifactRef);
    expect(manifest.lineage).toEqual({ component: 'transform.query', dataset: dataset.digest, sql });
    expect((await run(sql)).outputs).toEqual(outputs);
  });

  it.each([
    ['an unknown column', 'SELECT departure FROM dataset', 'invalid_request', 'departure'],
    ['another table', "SELECT * FROM '/etc/passwd'", 'invalid_request', 'the only one is'],
    ['a second statement', "SELECT 1; COPY dataset TO '/tmp/x'", 'invalid_request', 'one SELECT'],
    ['no rows', 'SELECT * FROM dataset WHERE delay > 100', 'data_invalid', 'no rows'],
    [
      'an endless statement',
      'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t',
      'deadline_exceeded',
      '3000 ms',
    ],
  ])('refuses %s', async (_, sql, code, message) => {
    const error = await run(sql).catch(
      (thrown: { code: string; message: string; details?: object }) => thrown,
    );
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    if (code === 'invalid_request')
      expect(error).toMatchObject({ details: { fields: [{ field: 'params.sql' }] } });
  });

  it('refuses what is no dataset', async () => {
    const model = await bench.artifacts.putJson({ kind: 'model' }, { type: 'model' });
    await expect(
      runComponent(new QueryComponent(bench.data), {
        artifacts: bench.artifacts,
        inputs: { dataset: model },
        params: { sql: 'SELECT 1' },
      }),
    ).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringContaining('inputs.dataset') });
  });
});
