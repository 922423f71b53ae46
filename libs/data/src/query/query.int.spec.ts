import { forbiddenFunctions } from './check-select.js';
import { failure, workbench } from '../workbench.js';

const csv = 'id,origin,delay\n1,ATL,5\n2,JFK,20\n3,ATL,\n4,SFO,40\n';

describe('queries', () => {
  let bench: Awaited<ReturnType<typeof workbench>>;
  let dataset: string[];
  beforeAll(async () => {
    bench = await workbench({
      memoryLimitMb: 256,
      limits: { maxRows: 100_000, maxSqlLength: 10_000, timeoutMs: 1000, maxCellBytes: 10_000 },
    });
    dataset = [bench.path('in.parquet')];
    await bench.data.importFile(await bench.file('in.csv', csv), { format: 'csv' }, dataset[0]!);
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  const run = async (sql: string) => {
    const written = await bench.data.query(sql, { dataset }, bench.path('out.parquet'));
    return { ...written, rows: await bench.data.preview([bench.path('out.parquet')], 100) };
  };

  it('derives columns from the dataset', async () => {
    const { columns, rows } = await run(
      'WITH late AS (SELECT *, delay > 15 AS late FROM dataset) SELECT origin, late FROM late WHERE delay IS NOT NULL; -- done',
    );
    expect(columns).toEqual([
      { name: 'origin', type: 'string', nullable: false },
      { name: 'late', type: 'boolean', nullable: false },
    ]);
    expect(rows).toEqual([
      { origin: 'ATL', late: false },
      { origin: 'JFK', late: true },
      { origin: 'SFO', late: true },
    ]);
  });

  it('maps every type to one of the five, and says which became text', async () => {
    const { columns, rows, casts } = await run(
      `SELECT 1::UTINYINT a, 2::HUGEINT b, 1.5::DECIMAL(4,2) c, DATE '2020-01-02' d, TIMESTAMPTZ '2020-01-02 10:00:00+02' e,
        [1, 2] f, {'x': 1} g, INTERVAL 1 DAY h, 'NaN'::DOUBLE i, TIME '10:00:00' j, 'infinity'::TIMESTAMP k, 'ab'::BLOB l`,
    );
    expect(columns.map(({ name, type }) => `${name}:${type}`).join(' ')).toBe(
      'a:integer b:number c:number d:timestamp e:timestamp f:string g:string h:string i:number j:string k:timestamp l:string',
    );
    expect(rows).toEqual([
      {
        a: 1,
        b: 2,
        c: 1.5,
        d: '2020-01-02T00:00:00Z',
        e: '2020-01-02T08:00:00Z',
        f: '[1,2]',
        g: '{"x":1}',
        h: '1 day',
        i: null,
        j: '10:00:00',
        k: null,
        l: 'ab',
      },
    ]);
    expect(casts.map(({ column, from }) => `${column} ${from}`)).toEqual([
      'f INTEGER[]',
      'g STRUCT(x INTEGER)',
      'h INTERVAL',
      'j TIME',
      'l BLOB',
    ]);
  });

  it.each([
    ['COPY', "COPY dataset TO '/tmp/stolen.csv'"],
    ['a closing parenthesis', "SELECT 1) TO '/tmp/stolen.csv'; --"],
    ['ATTACH', "ATTACH '/tmp/other.db'"],
    ['read_csv', "SELECT * FROM read_csv('/etc/passwd')"],
    ['read_text', "SELECT * FROM read_text('/etc/passwd')"],
    ['read_parquet', "SELECT * FROM read_parquet('/etc/passwd')"],
    ['glob', "SELECT * FROM glob('/etc/*')"],
    ['a file as a table', "SELECT * FROM '/etc/passwd'"],
    ['a file as a table in a subquery', "SELECT (SELECT count(*) FROM '/etc/passwd')"],
    ['a file as a table in WITH', "WITH t AS (SELECT * FROM '/etc/passwd') SELECT * FROM t"],
    ['a file as a table in EXISTS', "SELECT 1 FROM dataset WHERE EXISTS (FROM 'x.parquet')"],
    ['a file in a lambda', "SELECT list_transform([1], x -> (SELECT count(*) FROM '/etc/passwd'))"],
    ['query()', "SELECT * FROM query('SELECT 1')"],
    ['query_table()', "SELECT * FROM query_table('duckdb_settings')"],
    ['settings', 'SELECT * FROM duckdb_settings()'],
    ['secrets', 'SELECT * FROM duckdb_secrets()'],
    ['the catalogue', 'SELECT * FROM information_schema.tables'],
    ['the catalogue by PRAGMA', "SELECT * FROM pragma_table_info('dataset')"],
    ['current_setting', "SELECT current_setting('temp_directory')"],
    ['PRAGMA', 'PRAGMA threads=8'],
    ['SET', "SET memory_limit='100GB'"],
    ['RESET', 'RESET memory_limit'],
    ['INSTALL', 'INSTALL httpfs'],
    ['LOAD', 'LOAD httpfs'],
    ['getenv', "SELECT getenv('HOME')"],
    ['two statements', 'SELECT 1; SELECT 2'],
    ['a statement behind a SELECT', 'SELECT 1; DROP VIEW dataset'],
    ['CREATE', 'CREATE TABLE t AS SELECT 1'],
    ['DELETE', 'DELETE FROM dataset'],
    ['CALL', 'CALL pragma_version()'],
    ['EXPORT', "EXPORT DATABASE '/tmp/stolen'"],
    ['DESCRIBE', 'SELECT * FROM (DESCRIBE dataset)'],
    ['SUMMARIZE', 'SUMMARIZE dataset'],
    ['dataset anew', 'WITH dataset AS (SELECT 1) SELECT * FROM dataset'],
    ['another schema', 'SELECT * FROM main.dataset'],
    ['parameters', 'SELECT $1'],
    ['chance', 'SELECT random() FROM dataset'],
    ['the clock', 'SELECT current_timestamp'],
    ['the clock, too', 'SELECT Now()'],
    ['the date', 'SELECT CURRENT_DATE'],
    ['a sample without a seed', 'SELECT * FROM dataset USING SAMPLE 2'],
    ['nothing', '  '],
    ['a comment', '-- SELECT 1'],
    ['no SQL', 'selec 1'],
    ['deep nesting', `SELECT ${'abs('.repeat(1500)}1${')'.repeat(1500)}`],
    ['an unknown column', 'SELECT departure FROM dataset'],
    ['an unknown function', 'SELECT foo(1)'],
  ])('refuses %s', async (_, sql) => {
    expect(await failure(run(sql))).toMatchObject({
      code: 'invalid_request',
      details: { fields: [{ field: 'sql' }] },
    });
  });

  it('takes a sample with a seed', async () => {
    const sql = 'SELECT id FROM dataset USING SAMPLE reservoir(2 ROWS) REPEATABLE (7)';
    expect((await run(sql)).rows).toEqual((await run(sql)).rows);
  });

  it('names what an unknown column could have been', async () => {
    expect((await failure(run('SELECT delai FROM dataset'))).message).toContain('delay');
  });

  it.each([
    [
      'an endless recursion',
      'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t',
    ],
    ['a cross join', 'SELECT max(a.range * b.range) FROM range(10000000) a, range(10000000) b'],
    [
      'one call that DuckDB cannot interrupt',
      'SELECT len(list_sort(list_transform(range(20000000), lambda x: hash(x))))',
    ],
  ])('ends %s at its time limit', async (_, sql) => {
    const start = performance.now();
    expect(['deadline_exceeded', 'payload_too_large']).toContain((await failure(run(sql))).code);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it.each([
    ['rows', 'SELECT * FROM range(100001)', 'more than 100000 rows'],
    ['a cell', "SELECT repeat('x', 10001) AS big", "'big' has a cell"],
    ['memory', "SELECT count(DISTINCT a.range::VARCHAR || repeat('x', 2000)) FROM range(2000000) a", ''],
    ['text', `SELECT '${'x'.repeat(10_000)}'`, '10000'],
    ['columns', `SELECT ${Array.from({ length: 101 }, (_, i) => `${i} AS c${i}`).join()}`, ''],
  ])('refuses too much of %s', async (what, sql, message) => {
    await using small = await workbench({
      memoryLimitMb: 64,
      limits: {
        maxRows: 100_000,
        maxColumns: 100,
        maxSqlLength: 10_000,
        maxCellBytes: 10_000,
        timeoutMs: 5000,
        maxOutputBytes: 1_000_000,
      },
    });
    const error = await failure(small.data.query(sql, { dataset }, small.path('out.parquet')));
    expect(error.code).toBe(what === 'a cell' ? 'data_invalid' : 'payload_too_large');
    expect(error.message).toContain(message);
  });

  // Where the system does not tell what a process holds, the time limit ends it.
  (process.platform === 'linux' ? it : it.skip)(
    'ends one call that takes more memory than DuckDB counts',
    async () => {
      await using small = await workbench({ memoryLimitMb: 64, limits: { timeoutMs: 60_000 } });
      const sql = "SELECT length(repeat('x', 3000000000))";
      expect(await failure(small.data.query(sql, { dataset }, small.path('out.parquet')))).toMatchObject({
        code: 'payload_too_large',
        message: 'needs more memory than allowed (64 MB)',
      });
    },
  );

  it('stops when the caller cancels', async () => {
    const controller = new AbortController();
    const running = failure(
      bench.data.query(
        'SELECT max(a.range * b.range) FROM range(10000000) a, range(10000000) b',
        { dataset },
        bench.path('o'),
        {
          signal: controller.signal,
        },
      ),
    );
    controller.abort();
    expect(await running).toMatchObject({ code: 'cancelled' });
  });

  it('says when a value cannot be computed, and when no rows are left', async () => {
    expect(await failure(run('SELECT CAST(origin AS INTEGER) FROM dataset'))).toMatchObject({
      code: 'data_invalid',
      message: expect.stringContaining('ATL'),
    });
    expect(await failure(run('SELECT * FROM dataset WHERE false'))).toMatchObject({
      code: 'data_invalid',
      message: expect.stringContaining('no rows'),
    });
  });

  it('knows every function that DuckDB marks as not given by its arguments', async () => {
    const rows = await bench.data.select(
      "SELECT DISTINCT function_name AS name FROM duckdb_functions() WHERE function_type = 'scalar' AND stability <> 'CONSISTENT' AND function_name <> 'error'",
      dataset,
    );
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.map(({ name }) => String(name)).filter((name) => !forbiddenFunctions.has(name))).toEqual([]);
  });
});
