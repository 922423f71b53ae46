import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { failure, vega, workbench } from '../workbench.js';

const digestOf = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

describe('importing Parquet', () => {
  let bench: Awaited<ReturnType<typeof workbench>>;
  beforeAll(async () => {
    bench = await workbench({ limits: { maxRows: 3_000_000 } });
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  const sample = (rows: number, seed: number, out: string) =>
    bench.data.importFile(
      vega('flights-3m.parquet'),
      { format: 'parquet', sample: { rows, seed } },
      bench.path(out),
    );

  it('samples three million flights: exactly so many, in their order, the same by seed and to the byte', async () => {
    const { rows, columns } = await sample(20_000, 1, 'a');
    expect(rows).toBe(20_000);
    expect(columns.map(({ name, type }) => `${name}:${type}`)).toEqual([
      'date:timestamp',
      'delay:integer',
      'distance:integer',
      'origin:string',
      'destination:string',
    ]);
    await sample(20_000, 1, 'b');
    await sample(20_000, 2, 'c');
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => digestOf(bench.path(name))));
    expect(b).toBe(a);
    expect(c).not.toBe(a);
    const [order] = await bench.data.select(
      'SELECT count(*) FILTER (date < before) AS wrong, count(DISTINCT month(date)) AS months FROM (SELECT date, lag(date) OVER () AS before FROM dataset)',
      [bench.path('a')],
    );
    // The file is sorted by date.
    expect(order).toEqual({ wrong: 0, months: expect.any(Number) });
    expect(order!.months).toBeGreaterThanOrEqual(6);
    const [overlap] = await bench.data.select('SELECT count(*) AS same FROM (SELECT * FROM dataset)', [
      bench.path('a'),
      bench.path('c'),
    ]);
    expect(overlap).toEqual({ same: 40_000 });
  });

  it('takes the whole file when the sample is larger', async () => {
    await bench.data.importFile(
      await bench.file('s.csv', 'a\n3\n1\n2\n'),
      { format: 'csv' },
      bench.path('s'),
    );
    const { rows } = await bench.data.importFile(
      bench.path('s'),
      { format: 'parquet', sample: { rows: 10, seed: 1 } },
      bench.path('t'),
    );
    expect(rows).toBe(3);
    expect(await bench.data.preview([bench.path('t')], 9)).toEqual([{ a: 3 }, { a: 1 }, { a: 2 }]);
  });

  it.each([
    ['text', 'not parquet at all, but long enough to be read'],
    ['a truncated file', 'PAR1'],
    [
      'a footer of garbage',
      Buffer.concat([
        Buffer.from('PAR1'),
        Buffer.alloc(100, 7),
        Buffer.from([90, 0, 0, 0]),
        Buffer.from('PAR1'),
      ]),
    ],
  ])('refuses %s', async (_, content) => {
    const path = await bench.file('bad.parquet', content);
    expect(await failure(bench.data.importFile(path, { format: 'parquet' }, bench.path('o')))).toMatchObject({
      code: 'data_invalid',
      message: expect.stringContaining("file 'bad.parquet'"),
    });
  });

  it('refuses more rows than allowed by the footer alone', async () => {
    await using small = await workbench({ limits: { maxRows: 1000 } });
    const error = await failure(
      small.data.importFile(vega('flights-3m.parquet'), { format: 'parquet' }, small.path('o')),
    );
    expect(error).toMatchObject({
      code: 'payload_too_large',
      message: expect.stringContaining('3000000 rows'),
    });
  });
});
