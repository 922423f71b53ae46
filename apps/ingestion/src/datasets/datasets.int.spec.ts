import { withDatabases } from '@millrace/testing';
import { openBench } from '../testing/bench.js';

withDatabases((database) => {
  describe('the catalogue', () => {
    let bench: Awaited<ReturnType<typeof openBench>>;
    beforeAll(async () => {
      bench = await openBench(database);
      await bench.file('a.csv', `x,t,long\n1,2020-01-02,${'y'.repeat(2000)}\n2,,z\n`);
      await bench.file('b.csv', 'x\n1\n2\n3\n');
      for (const name of ['c', 'a', 'b']) await bench.import({ name, source: 'a.csv' });
      await bench.import({ name: 'b', source: 'b.csv' });
    });
    afterAll(() => bench[Symbol.asyncDispose]());

    it('lists the latest versions by name, page by page', async () => {
      const first = await bench.datasets.list({ limit: 2 });
      expect(first.items.map(({ name, version, rows }) => [name, version, rows])).toEqual([
        ['a', 1, 2],
        ['b', 2, 3],
      ]);
      expect(first.next).toBe('b');
      const second = await bench.datasets.list({ limit: 2, after: first.next! });
      expect(second.items.map(({ name }) => name)).toEqual(['c']);
      expect(second.next).toBeUndefined();
    });

    it('gives the versions of one dataset', async () => {
      const { items } = await bench.datasets.get({ name: 'b' });
      expect(items).toMatchObject([
        { version: 2, rows: 3, source: { source: 'b.csv', format: 'csv' } },
        { version: 1, rows: 2, createdAt: expect.stringMatching(/^\d{4}-.*Z$/) },
      ]);
    });

    it('previews the latest version or the one asked for, long texts cut off', async () => {
      expect((await bench.datasets.preview({ name: 'b', limit: 2 })).rows).toEqual([{ x: 1 }, { x: 2 }]);
      const { columns, rows } = await bench.datasets.preview({ name: 'b', version: 1 });
      expect(columns.map(({ type }) => type)).toEqual(['integer', 'timestamp', 'string']);
      expect(rows).toEqual([
        { x: 1, t: '2020-01-02T00:00:00Z', long: `${'y'.repeat(1000)}…` },
        { x: 2, t: null, long: 'z' },
      ]);
    });

    it('names what does not exist', async () => {
      await expect(bench.datasets.get({ name: 'd' })).rejects.toMatchObject({ code: 'not_found' });
      await expect(bench.datasets.preview({ name: 'b', version: 3 })).rejects.toMatchObject({
        code: 'not_found',
        message: expect.stringContaining('version 3'),
      });
    });
  });
});
