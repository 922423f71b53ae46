import { failure, vega, workbench } from '../workbench.js';

let bench: Awaited<ReturnType<typeof workbench>>;

const importText = async (content: string | Uint8Array, options: object = {}) => {
  const written = await bench.data.importFile(
    await bench.file('in.csv', content),
    { format: 'csv', ...options },
    bench.path('out.parquet'),
  );
  return { ...written, preview: await bench.data.preview([bench.path('out.parquet')], 100) };
};

describe('importing CSV', () => {
  beforeAll(async () => {
    bench = await workbench();
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  it('infers the five types from all rows', async () => {
    const { columns, rows, preview } = await importText(
      'i,n,b,t,s,zip,none\n1,1.5,true,2020-01-02,x,007,\n-2,1e3,FALSE,2020-01-02T10:00:00.250+02:00,,010,\n',
    );
    expect(rows).toBe(2);
    expect(columns.map(({ name, type }) => `${name}:${type}`)).toEqual([
      'i:integer',
      'n:number',
      'b:boolean',
      't:timestamp',
      's:string',
      'zip:string',
      'none:string',
    ]);
    expect(columns.filter(({ nullable }) => nullable).map(({ name }) => name)).toEqual(['s', 'none']);
    expect(preview).toEqual([
      { i: 1, n: 1.5, b: true, t: '2020-01-02T00:00:00Z', s: 'x', zip: '007', none: null },
      { i: -2, n: 1000, b: false, t: '2020-01-02T08:00:00.250Z', s: null, zip: '010', none: null },
    ]);
  });

  it('reads a byte order mark, CRLF, quotes in quotes, line breaks in quotes, and semicolons', async () => {
    const { preview } = await importText('\uFEFFa;"b ""c"""\r\n1;"x ""y"";\r\nz"\r\n');
    expect(preview).toEqual([{ a: 1, 'b "c"': 'x "y";\r\nz' }]);
  });

  it('widens a type that a late row refutes', async () => {
    const numbers = Array.from({ length: 5000 }, (_, i) => i).join('\n');
    expect((await importText(`a\n${numbers}\n0.5\n`)).columns[0]!.type).toBe('number');
    expect((await importText(`a\n${numbers}\nabc\n`)).columns[0]!.type).toBe('string');
  });

  it('takes declared types, and names the line of a value that does not fit', async () => {
    const { columns } = await importText('zip,a\n1,2\n', { columns: { zip: 'string' } });
    expect(columns.map(({ type }) => type)).toEqual(['string', 'integer']);
    const error = await failure(importText('a,b\n1,2\nx,3\n', { columns: { a: 'integer' }, name: 'f.csv' }));
    expect(error).toMatchObject({
      code: 'data_invalid',
      message: expect.stringContaining("file 'f.csv', line 3, column 1 ('a')"),
    });
    expect(await failure(importText('a\n1\n', { columns: { c: 'integer' } }))).toMatchObject({
      code: 'invalid_request',
      details: { fields: [{ field: 'columns.c' }] },
    });
  });

  it.each([
    ['too few fields', 'a,b,c\n1,2,3\n4,5\n', "line 3, column 3 ('c')"],
    ['too many fields', 'a,b\n1,2\n3,4\n5,6,7\n', 'line 4'],
    ['an unclosed quote', 'a,b\n1,2\n3,"4\n5,6\n', "line 3, column 2 ('b')"],
    ['text after a quote', 'a,b\n1,"2"x\n', "line 2, column 2 ('b')"],
    ['bytes that are not UTF-8', Buffer.from('a,b\n1,caf\xe9\n', 'latin1'), "line 2, column 2 ('b')"],
    ['an unclosed quote in the header', 'a,"b\n1,2\n', 'line 1'],
  ])('names file, line and column of %s', async (_, content, where) => {
    const error = await failure(importText(content, { name: 'bad.csv' }));
    expect(error.code).toBe('data_invalid');
    expect(error.message).toContain("file 'bad.csv'");
    expect(error.message).toContain(where);
  });

  it('lists up to ten malformed rows', async () => {
    const error = await failure(importText(`a,b\n${'1\n'.repeat(15)}`));
    expect(error.details!.errors).toHaveLength(10);
    expect(error.details!.errors).toContainEqual(expect.objectContaining({ line: 11, text: '1' }));
  });

  it.each([
    ['an empty file', '', 'is empty'],
    ['a byte order mark alone', '\uFEFF', 'is empty'],
    ['a header alone', 'a,b\n', 'has no rows'],
    ['mixed line endings', 'a,b\r\n1,2\n3,4\r\n5,6\r\n', 'mixes line endings'],
    ['one name twice', 'a,b,a\n1,2,3\n', "two columns named 'a'"],
    ['one name in two cases', 'a,A\n1,2\n', "'a' is the same to DuckDB"],
    ['a name with a control character', 'a,b\u0007\n1,2\n', "can't be the name"],
    ['the name __proto__', '__proto__,b\n1,2\n', "can't be the name"],
  ])('refuses %s', async (_, content, message) => {
    expect(await failure(importText(content))).toMatchObject({
      code: 'data_invalid',
      message: expect.stringContaining(message),
    });
  });

  it('refuses a missing file, a directory, a pattern', async () => {
    const tryPath = (path: string) =>
      failure(bench.data.importFile(path, { format: 'csv' }, bench.path('o')));
    expect(await tryPath(bench.path('none.csv'))).toMatchObject({
      code: 'not_found',
      message: expect.stringContaining("'none.csv'"),
    });
    expect(await tryPath(bench.path('.'))).toMatchObject({ code: 'invalid_request' });
    expect(await tryPath(bench.path('*.csv'))).toMatchObject({ code: 'invalid_request' });
  });

  it('refuses floods: columns, quotes, cells, bytes', async () => {
    await using small = await workbench({
      limits: {
        maxColumns: 100,
        maxLineBytes: 10_000,
        maxCellBytes: 1000,
        maxFileBytes: 100_000,
        maxRows: 1000,
      },
    });
    const tryText = async (content: string) =>
      failure(small.data.importFile(await small.file('f.csv', content), { format: 'csv' }, small.path('o')));
    const names = Array.from({ length: 101 }, (_, i) => `c${i}`).join();
    expect(await tryText(`${names}\n`)).toMatchObject({
      code: 'payload_too_large',
      message: expect.stringContaining('101 columns'),
    });
    expect(await tryText(`a\n"${'x'.repeat(20_000)}`)).toMatchObject({
      code: 'data_invalid',
      message: expect.stringContaining('line 2'),
    });
    expect(await tryText(`a,b\n1,2\n1,${'x'.repeat(2000)}\n`)).toMatchObject({
      message: expect.stringContaining("'b' has a cell"),
    });
    expect(await tryText('a\n'.repeat(60_000))).toMatchObject({ code: 'payload_too_large' });
    expect(await tryText('1\n'.repeat(1500))).toMatchObject({
      code: 'payload_too_large',
      message: expect.stringContaining('1000 rows'),
    });
  });

  it('reads real data: Seattle weather', async () => {
    const { columns, rows } = await bench.data.importFile(
      vega('seattle-weather.csv'),
      { format: 'csv' },
      bench.path('out.parquet'),
    );
    expect(rows).toBe(1461);
    expect(columns.map(({ name, type }) => `${name}:${type}`)).toEqual([
      'date:timestamp',
      'precipitation:number',
      'temp_max:number',
      'temp_min:number',
      'wind:number',
      'weather:string',
    ]);
  });
});
