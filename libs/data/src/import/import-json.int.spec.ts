import { failure, vega, workbench } from '../workbench.js';

describe('importing JSON', () => {
  let bench: Awaited<ReturnType<typeof workbench>>;
  beforeAll(async () => {
    bench = await workbench({ limits: { maxColumns: 100, maxLineBytes: 1_000_000 } });
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  const importText = async (content: string, format: 'json' | 'jsonl' = 'jsonl') => {
    const path = await bench.file('in.jsonl', content);
    const written = await bench.data.importFile(path, { format }, bench.path('out.parquet'));
    return { ...written, rows: await bench.data.preview([bench.path('out.parquet')], 10) };
  };

  it('reads JSON Lines: mixed numbers, times with offsets, nested values as text', async () => {
    const { columns, rows, casts } = await importText(
      '\uFEFF{"n":1,"s":"x","t":"2020-01-02T10:00:00+02:00","o":{"a":[1]},"m":1}\n\n{"n":2.5,"b":true,"s":"","m":"x"}\n',
    );
    expect(columns.map(({ name, type }) => `${name}:${type}`)).toEqual([
      'n:number',
      's:string',
      't:timestamp',
      'o:string',
      'm:string',
      'b:boolean',
    ]);
    expect(rows).toEqual([
      { n: 1, s: 'x', t: '2020-01-02T08:00:00Z', o: '{"a":[1]}', m: '1', b: null },
      { n: 2.5, s: '', t: null, o: null, m: 'x', b: true },
    ]);
    expect(casts.map(({ column }) => column)).toEqual(['o', 'm']);
  });

  it('reads one array of objects: penguins', async () => {
    const { rows, columns } = await bench.data.importFile(
      vega('penguins.json'),
      { format: 'json' },
      bench.path('p'),
    );
    expect(rows).toBe(344);
    expect(columns).toContainEqual({ name: 'Body Mass (g)', type: 'integer', nullable: true });
  });

  it.each([
    ['a malformed line', '{"a":1}\n{"a":2}\n{"a":3,\n{"a":4}\n', 'line 3'],
    ['a line that is not an object', '{"a":1}\n[1]\n', 'line 2'],
    ['two objects on a line', '{"a":1}\n{"a":1}{"a":2}\n', 'line 2'],
    ['nothing', '', 'is empty'],
    ['white space', ' \n\n', 'is empty'],
    [
      'deep nesting',
      `{"a":1}\n{"a":${'['.repeat(300_000)}${']'.repeat(300_000)}}\n`,
      'line 2: nested deeper than 64',
    ],
    ['one name twice', '{"a":1,"a":2}\n', 'duplicate key'],
    ['the name __proto__', '{"__proto__":1}\n', "can't be the name"],
  ])('refuses %s', async (_, content, message) => {
    expect(await failure(importText(content))).toMatchObject({
      code: 'data_invalid',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ['a record without end', `{"a":"${'x'.repeat(1_100_000)}"}\n`],
    ['too many columns', `{${Array.from({ length: 101 }, (_, i) => `"c${i}":1`).join()}}\n`],
  ])('refuses %s', async (_, content) => {
    expect(await failure(importText(content))).toMatchObject({ code: 'payload_too_large' });
  });

  it('refuses an array with a mistake', async () => {
    expect(await failure(importText('[{"a":1},{"a":}]', 'json'))).toMatchObject({
      code: 'data_invalid',
      message: expect.stringContaining('in.jsonl'),
    });
  });
});
