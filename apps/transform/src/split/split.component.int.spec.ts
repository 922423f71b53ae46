import { readDataset } from '@millrace/artifacts';
import { runComponent } from '@millrace/component';
import type { ArtifactRef, JsonValue } from '@millrace/contracts';
import { openBench, type Bench } from '../testing/bench.js';
import { SplitComponent } from './split.component.js';

describe('transform.split', () => {
  let bench: Bench;
  let dataset: ArtifactRef;
  beforeAll(async () => {
    bench = await openBench();
    dataset = await bench.dataset(
      `id,at,name\n${Array.from({ length: 20 }, (_, i) => `${i},2020-01-${String(10 + Math.floor(i / 2))},x`).join('\n')}\n`,
    );
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  const run = (params: { [name: string]: JsonValue }) =>
    runComponent(new SplitComponent(bench.data), { artifacts: bench.artifacts, inputs: { dataset }, params });
  const ids = async (part: unknown) => (await bench.rows(part)).map(({ id }) => Number(id));

  it('by time: the test is later than all of train, and says from when', async () => {
    const { outputs, metrics, log } = await run({ by: 'time', column: 'at' });
    expect(metrics).toEqual({ train: 16, test: 4 });
    expect(await ids(outputs.train)).toEqual(Array.from({ length: 16 }, (_, i) => i));
    expect(await ids(outputs.test)).toEqual([16, 17, 18, 19]);
    const { manifest } = await readDataset(bench.artifacts, outputs.test as ArtifactRef);
    expect(manifest.lineage).toEqual({
      ...{ component: 'transform.split', dataset: dataset.digest, part: 'test' },
      ...{ by: 'time', column: 'at', testFraction: 0.2, boundary: '2020-01-18T00:00:00Z' },
    });
    expect(log[0]!.message).toContain('before 2020-01-18');
  });

  it('never parts rows of one time', async () => {
    const { outputs } = await run({ by: 'time', column: 'at', testFraction: 0.25 });
    const [train, test] = [await bench.rows(outputs.train), await bench.rows(outputs.test)];
    const late = new Set(test.map(({ at }) => at));
    expect(train.filter(({ at }) => late.has(at))).toEqual([]);
  });

  it('by chance: reproducible by seed', async () => {
    const first = await run({ by: 'random', testFraction: 0.3 });
    expect(first.metrics).toEqual({ train: 14, test: 6 });
    expect((await run({ by: 'random', testFraction: 0.3, seed: 1 })).outputs).toEqual(first.outputs);
    expect((await run({ by: 'random', testFraction: 0.3, seed: 2 })).outputs).not.toEqual(first.outputs);
    const all = [...(await ids(first.outputs.train)), ...(await ids(first.outputs.test))];
    expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it.each([
    [{ by: 'time' }, 'params.column'],
    [{ by: 'time', column: 'when' }, 'params.column'],
    [{ by: 'time', column: 'name' }, 'params.column'],
    [{ by: 'random', testFraction: 1 }, 'params.testFraction'],
    [{ by: 'magic' }, 'params.by'],
  ])('refuses %j, naming %s', async (params, field) => {
    await expect(run(params)).rejects.toMatchObject({
      code: 'invalid_request',
      details: { fields: expect.arrayContaining([expect.objectContaining({ field })]) },
    });
  });
});
