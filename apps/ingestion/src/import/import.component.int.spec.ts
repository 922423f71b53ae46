import { readDataset } from '@millrace/artifacts';
import { eventually, withDatabases } from '@millrace/testing';
import type { ArtifactRef } from '@millrace/contracts';
import { openBench } from '../testing/bench.js';

withDatabases((database) => {
  describe('ingestion.import', () => {
    let bench: Awaited<ReturnType<typeof openBench>>;
    beforeAll(async () => {
      bench = await openBench(database);
      await bench.file('a.csv', 'x,y\n1,a\n2,b\n3,\n');
      await bench.file('same.csv', 'x,y\n1,a\n2,b\n3,\n');
      await bench.file('b.csv', 'x,y\n4,c\n');
    });
    afterAll(() => bench[Symbol.asyncDispose]());

    const imported = async (name: string, source: string, key?: string) => {
      const { outputs, metrics } = await bench.import({ name, source }, key);
      return { ref: outputs.dataset as ArtifactRef, version: metrics!.version };
    };

    it('makes a dataset version that says where it came from, and announces it once', async () => {
      const { ref, version } = await imported('first', 'a.csv');
      expect(version).toBe(1);
      const { manifest, paths } = await readDataset(bench.artifacts, ref);
      expect(manifest).toMatchObject({
        rows: 3,
        columns: [
          { name: 'x', type: 'integer', nullable: false },
          { name: 'y', type: 'string', nullable: true },
        ],
        lineage: { source: 'a.csv', format: 'csv' },
      });
      expect(paths).toHaveLength(1);
      const about = () => bench.events.filter(({ data }) => data.name === 'first');
      await eventually(() => about().length > 0);
      expect(about()).toMatchObject([
        {
          type: 'ingestion.dataset.created',
          source: '/millrace/ingestion',
          data: { version: 1, artifact: ref, rows: 3 },
        },
      ]);
    });

    it('gives the same content the same version, and other content the next', async () => {
      const first = await imported('versions', 'a.csv');
      expect(await imported('versions', 'a.csv')).toEqual(first);
      expect(await imported('versions', 'same.csv')).toEqual(first);
      const second = await imported('versions', 'b.csv');
      expect(second.version).toBe(2);
      expect((await imported('elsewhere', 'b.csv')).version).toBe(1);
      const { items } = await bench.datasets.get({ name: 'versions' });
      expect(items.map(({ version }) => version)).toEqual([2, 1]);
      await eventually(() => bench.events.filter(({ data }) => data.name === 'versions').length === 2);
    });

    it('does a step once, even when its source has changed since', async () => {
      await bench.file('changing.csv', 'x\n1\n');
      const first = await imported('changing', 'changing.csv', 'run/step');
      await bench.file('changing.csv', 'x\n2\n');
      expect(await imported('changing', 'changing.csv', 'run/step')).toEqual(first);
      expect((await imported('changing', 'changing.csv', 'run/other')).version).toBe(2);
    });

    it('numbers versions without gaps when replicas import at once', async () => {
      await Promise.all(
        Array.from({ length: 6 }, async (_, i) => {
          await bench.file(`many-${i}.csv`, `x\n${i}\n`);
          await Promise.all([imported('many', `many-${i}.csv`), imported('many', `many-${i}.csv`)]);
        }),
      );
      const { items } = await bench.datasets.get({ name: 'many' });
      expect(items.map(({ version }) => version)).toEqual([6, 5, 4, 3, 2, 1]);
    });

    it('samples a file of an npm package', async () => {
      const { outputs, metrics } = await bench.import({
        name: 'weather',
        source: 'npm:vega-datasets/data/seattle-weather.csv',
        sample: { rows: 100 },
      });
      expect(metrics).toMatchObject({ rows: 100, columns: 6 });
      const { manifest } = await readDataset(bench.artifacts, outputs.dataset as ArtifactRef);
      expect(manifest.lineage).toEqual({
        source: 'npm:vega-datasets/data/seattle-weather.csv',
        format: 'csv',
        sample: { rows: 100, seed: 1 },
      });
    });

    it('says in the run which columns became text', async () => {
      await bench.file('nested.jsonl', '{"a":{"b":1}}\n');
      const { log } = await bench.import({ name: 'nested', source: 'nested.jsonl' });
      expect(log).toEqual([{ level: 'warn', message: expect.stringContaining('a (STRUCT') }]);
    });

    it.each([
      [{ source: 'none.csv' }, 'not_found', 'none.csv'],
      [{ source: '../../etc/passwd' }, 'forbidden', 'SOURCE_ROOTS'],
      [{ source: 'https://example.org/a.csv' }, 'unsupported', 'https'],
      [{ source: 'a.txt' }, 'not_found', 'a.txt'],
      [{ source: 'bad.csv' }, 'data_invalid', "file 'bad.csv', line 3, column 2"],
      [{ source: 'empty.csv' }, 'data_invalid', "file 'empty.csv' is empty"],
      [{ source: 'header.csv' }, 'data_invalid', 'no rows'],
      [{ source: 'a.csv', columns: { z: 'string' } }, 'invalid_request', 'params.columns.z'],
      [{ source: 'a.csv', columns: { x: 'text' } }, 'invalid_request', 'params.columns.x'],
      [{ source: 'a.csv', sample: { rows: 0 } }, 'invalid_request', 'params.sample.rows'],
      [{ source: 'a.csv', name: '../x' }, 'invalid_request', 'params.name'],
      [{ source: 'a.csv', nme: 'x' }, 'invalid_request', 'params.nme'],
    ])('refuses %j: %s', async (params, code, message) => {
      await bench.file('bad.csv', 'x,y\n1,2\n3\n');
      await bench.file('empty.csv', '');
      await bench.file('header.csv', 'x,y\n');
      await expect(bench.import({ name: 'bad', ...params } as never)).rejects.toMatchObject({
        code,
        retryable: false,
        message: expect.stringContaining(message),
      });
    });
  });
});
