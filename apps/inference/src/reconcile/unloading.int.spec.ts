import { modelMetadata, modelReady, repositoryIndex, type RepositoryModel } from '@millrace/contracts';
import { eventually } from '@millrace/testing';
import { ModelPool } from '../models/model-pool.js';
import { line, openBench, type Bench } from '../testing/bench.js';
import { putLine } from '../testing/models.js';

describe('an endpoint that is unloaded', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
    bench.deployment.want('line', 3, await putLine(bench.artifacts, 2));
    bench.deployment.want('other', 1, await putLine(bench.artifacts, 5));
  });
  afterAll(() => bench?.[Symbol.asyncDispose]());

  const index = async (ready?: boolean): Promise<RepositoryModel[]> => {
    const query = ready === undefined ? {} : { ready };
    const { replies } = await bench.client.requestAll(repositoryIndex, query);
    return replies[0]!.models;
  };
  const reported = (revision: number) => eventually(() => bench.deployment.reportOf('line', revision));
  const expectUnloaded = async (): Promise<void> => {
    const refusal = { code: 'not_found', message: "Request for unknown model: 'line' is unloaded" };
    await expect(bench.infer('line', line(1))).rejects.toMatchObject(refusal);
    await expect(bench.rows('line', { rows: [{ x: 1 }] })).rejects.toMatchObject(refusal);
    await expect(bench.client.request(modelMetadata, { endpoint: 'line' })).rejects.toMatchObject(refusal);
    expect(await bench.client.request(modelReady, { endpoint: 'line' })).toMatchObject({ ready: false });
    expect(await index()).toEqual([
      { name: 'other', version: '1', state: 'READY', reason: '' },
      { name: 'line', version: '3', state: 'UNAVAILABLE', reason: 'unloaded' },
    ]);
    expect((await index(true)).map(({ name }) => name)).toEqual(['other']);
  };

  it('is out of memory, says so, stays so over a restart without deployment, and comes back', async () => {
    const first = await bench.start();
    await bench.settled();
    expect((await bench.infer('line', line(1))).outputs[0]!.data).toEqual([3]);
    const models = first.app.get(ModelPool, { strict: false });
    expect(models.size).toBe(2);
    await reported(bench.deployment.setUnloaded('line', true));
    await eventually(() => models.size === 1);
    await expectUnloaded();
    await first.stop();
    await bench.deployment.stop();
    await bench.start();
    await bench.settled();
    await expectUnloaded();
    await bench.deployment.start();
    await reported(bench.deployment.setUnloaded('line', false));
    expect((await bench.infer('line', line(1))).outputs[0]!.data).toEqual([3]);
  });
});
