import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readDataset, readModel } from '@millrace/artifacts';
import type { ArtifactRef } from '@millrace/contracts';
import { columnsToFeeds, loadModel } from '@millrace/onnx';
import { descriptorOf } from '@millrace/component';
import { ScoreComponent } from './score.component.js';
import { openBench, rowsOf } from '../testing/bench.js';

describe('evaluation.score', () => {
  let bench: Awaited<ReturnType<typeof openBench>>;
  let late: { model: ArtifactRef; dataset: ArtifactRef };
  beforeAll(async () => {
    bench = await openBench();
    const train = await bench.dataset(rowsOf('late', 300));
    late = {
      model: await bench.model(train, 'late'),
      dataset: await bench.dataset(rowsOf('late', 450, 300)),
    };
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  const read = async (ref: unknown) => readDataset(bench.artifacts, ref as ArtifactRef);
  const journals = () => readdir(bench.scoresDirectory);

  it('gives every row, in its order, with what the model says of it', async () => {
    const { outputs, metrics } = await bench.score(late);
    const { manifest, paths } = await read(outputs['dataset']);
    expect(metrics).toEqual({ rows: 450 });
    expect(manifest.files.map(({ rows }) => rows)).toEqual([100, 100, 100, 100, 50]);
    expect(manifest.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      ...['distance integer', 'hour integer', 'origin string', 'late boolean'],
      ...['label boolean', 'probabilities_false number', 'probabilities_true number'],
    ]);
    const source = await read(late.dataset);
    const [before, after] = [await bench.data.readTable(source.paths), await bench.data.readTable(paths)];
    for (const [name, column] of Object.entries(before.columns)) expect(after.columns[name]).toEqual(column);
    const { onnx } = await readModel(bench.artifacts, late.model);
    await using model = await loadModel(await bench.artifacts.get(onnx));
    const { probabilities } = await model.run(columnsToFeeds(model.signature, before));
    const expected = (probabilities!.data as Float32Array).filter((_, i) => i % 2 === 1);
    expect(after.columns['probabilities_true']!.values).toEqual(Float64Array.from(expected));
    expect(after.columns['label']!.values).toEqual(Float64Array.from(expected, (p) => Number(p > 0.5)));
  });

  it('keeps the columns asked for, and names the new ones', async () => {
    const params = { columns: ['origin', 'late'], prefix: 'was_' };
    const { manifest } = await read((await bench.score(late, { params })).outputs['dataset']);
    expect(manifest.columns.map(({ name }) => name)).toEqual([
      ...['origin', 'late', 'was_label', 'was_probabilities_false', 'was_probabilities_true'],
    ]);
  });

  it('goes on behind what it wrote before it was ended, to the same result', async () => {
    const params = { prefix: 'again_' };
    const whole = (await bench.score(late, { params })).outputs;
    expect(await journals()).toEqual([]);
    const ended = new AbortController();
    const cut = bench.score(late, {
      params,
      signal: ended.signal,
      onProgress: ({ message }) => void (message?.startsWith('100 of') && ended.abort()),
    });
    await expect(cut).rejects.toThrow(/aborted/);
    expect(await journals()).toHaveLength(1);
    const { outputs, log } = await bench.score(late, { params });
    expect(outputs).toEqual(whole);
    expect(log.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^going on behind [12] parts that were written before$/),
    ]);
    expect(await journals()).toEqual([]);
  });

  it.each(['', '[{"artifact":', '[null]', '{"a":1}', '[{"artifact":{"type":"file","digest":"sha256:00"}}]'])(
    'begins anew behind a record that says %s',
    async (text) => {
      const params = { prefix: 'torn_' };
      const whole = (await bench.score(late, { params })).outputs;
      const ended = new AbortController();
      await bench
        .score(late, {
          params,
          signal: ended.signal,
          onProgress: ({ message }) => void (message && ended.abort()),
        })
        .catch(() => undefined);
      const [name] = await journals();
      await writeFile(join(bench.scoresDirectory, name!), text);
      const { outputs, log } = await bench.score(late, { params });
      expect([outputs, log]).toEqual([whole, []]);
    },
  );

  it('does what docs/components.md shows', async () => {
    const docs = await readFile(join(import.meta.dirname, '../../../../docs/components.md'), 'utf8');
    const [, yaml = ''] = /^## Scoring a dataset$[^]*?```yaml\n([^]*?)```/m.exec(docs) ?? [];
    const said = (key: string) => new RegExp(`${key}: (.*)`).exec(yaml)?.[1] ?? '';
    expect(said('component')).toBe(descriptorOf(ScoreComponent).name);
    const ports = [...said('inputs').matchAll(/(\w+): /g)].map(([, port]) => port);
    expect(ports.sort()).toEqual(Object.keys(descriptorOf(ScoreComponent).inputs).sort());
    const params = Object.fromEntries(
      [...said('params').matchAll(/(\w+): (\w+)/g)].map(([, name, value]) => [name, value!]),
    );
    const { manifest } = await read((await bench.score(late, { params })).outputs['dataset']);
    expect(manifest.columns.map(({ name }) => name)).toContain('predicted_label');
  });

  it('refuses what it cannot name or read', async () => {
    await expect(bench.score(late, { params: { columns: ['nope'] } })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { fields: [{ field: 'params.columns' }] },
    });
    const other = await bench.dataset(['distance,hour', '1,2']);
    await expect(bench.score({ ...late, dataset: other })).rejects.toMatchObject({
      code: 'data_invalid',
      details: { column: 'origin' },
    });
    const scored = (await bench.score(late)).outputs['dataset'] as ArtifactRef;
    await expect(bench.score({ ...late, dataset: scored })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { fields: [{ field: 'params.prefix' }] },
    });
  });
});
