import { failure, vega, workbench } from '../workbench.js';

describe('reading tables', () => {
  let bench: Awaited<ReturnType<typeof workbench>>;
  beforeAll(async () => {
    bench = await workbench();
    const csv = 'n,i,b,t,s\n1.5,1,true,2020-01-02T00:00:00.123Z,x\n,,,,\n-2,3,false,1969-12-31T23:59:59Z,y\n';
    await bench.data.importFile(await bench.file('in.csv', csv), { format: 'csv' }, bench.path('in'));
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  it('yields typed arrays; missing is NaN or null', async () => {
    const { rows, columns } = await bench.data.readTable([bench.path('in')]);
    expect(rows).toBe(3);
    expect(columns).toEqual({
      n: { kind: 'number', values: Float64Array.of(1.5, NaN, -2) },
      i: { kind: 'number', values: Float64Array.of(1, NaN, 3) },
      b: { kind: 'boolean', values: Float64Array.of(1, NaN, 0) },
      t: { kind: 'timestamp', values: Float64Array.of(Date.UTC(2020, 0, 2) + 123, NaN, -1000) },
      s: { kind: 'string', values: ['x', null, 'y'] },
    });
  });

  it('yields the columns named, over several files in their order', async () => {
    const { rows, columns } = await bench.data.readTable([bench.path('in'), bench.path('in')], ['s', 'n']);
    expect(rows).toBe(6);
    expect(Object.keys(columns)).toEqual(['s', 'n']);
    expect(columns.n!.values).toEqual(Float64Array.of(1.5, NaN, -2, 1.5, NaN, -2));
  });

  it('names an unknown column', async () => {
    expect(await failure(bench.data.readTable([bench.path('in')], ['n', 'nope']))).toMatchObject({
      code: 'invalid_request',
      details: { fields: [{ field: 'columns.nope', message: expect.stringContaining('n, i, b, t, s') }] },
    });
  });

  it('reads 200,000 flights, in the order of the file', async () => {
    await bench.data.importFile(
      vega('flights-3m.parquet'),
      { format: 'parquet', sample: { rows: 200_000, seed: 1 } },
      bench.path('flights'),
    );
    const { rows, columns } = await bench.data.readTable([bench.path('flights')]);
    expect(rows).toBe(200_000);
    expect(columns.origin!.values[199_999]).toMatch(/^[A-Z]{3}$/);
    const dates = columns.date!.values as Float64Array;
    expect(dates.every((date, row) => row === 0 || date >= dates[row - 1]!)).toBe(true);
  });
});
