import { runCancel, runStart } from '@millrace/contracts';
import { withDatabases } from '@millrace/testing';
import { DataSource } from 'typeorm';
import { growingTables, repeatRun } from '../../testing/history.js';
import { accessesOf, partialIndices, recordQueries, type Access } from '../../testing/query-plans.js';
import { TestBed } from '../../testing/test-bed.js';

/** One run, one of its steps or lines, or one entry. */
const isOfOne = /\b(id|run|parent|idempotency_key|key)"?\)?(::\w+)? ?(=|IN\b)/i;
/** An index by status holds all runs, but what it is asked for are those that are not over. */
const isOfOpen = (sql: string) => /\bstatus"? (= '(pending|running)'|IN \('pending', 'running'\))/.test(sql);

/** Indices that hold nothing of a run that is over. */
const ofUnderWay = {
  idx_run_pending: 0,
  idx_run_running: 0,
  idx_step_active: 0,
  idx_step_due: 0,
  idx_step_held: 0,
};

withDatabases((database) => {
  let bed: TestBed;
  let dataSource: DataSource;
  beforeAll(async () => {
    bed = await TestBed.start(database, {
      COMPONENT_CONCURRENCY: 'test.wait=1',
      QUEUE_WINDOW: '2',
      RECONCILE_MS: '50',
    });
    const orchestrator = bed.orchestrator?.app.get(DataSource);
    if (!orchestrator) throw new Error('no orchestrator');
    dataSource = orchestrator;
    await bed.submit(`name: inner\nsteps: { add: { component: test.add } }`);
    await bed.submit(`
name: all
concurrency: 1
steps:
  write: { component: test.write, params: { text: '${database.kind}' } }
  copy: { component: test.copy, inputs: { dataset: write.dataset }, params: { suffix: b } }
  each: { component: test.add, foreach: { items: [1, 2, 3, 4, 5, 6] } }
  one: { component: test.wait, params: { ms: 20 } }
  two: { component: test.wait, params: { ms: 20 }, stepTimeoutMs: 20000 }
  again: { component: test.fail, params: { times: 1 }, retry: { attempts: 2, backoffMs: 10 } }
  child: { pipeline: inner }
`);
  });
  afterAll(() => bed[Symbol.asyncDispose]());

  /** What reads more, the more runs are over. */
  const slowIn = async (queries: Iterable<readonly [string, readonly unknown[]]>): Promise<string[]> => {
    const growing = growingTables(dataSource);
    const isConstant = ({ table, index = '', condition }: Access, sql: string): boolean =>
      !growing.includes(table) ||
      index in ofUnderWay ||
      (condition !== undefined &&
        (isOfOne.test(condition) || (index === 'idx_run_status_id' && isOfOpen(sql))));
    const slow: string[] = [];
    for (const [sql, parameters] of queries)
      for (const access of await accessesOf(dataSource, sql, parameters))
        if (!isConstant(access, sql)) slow.push(`${JSON.stringify(access)}: ${sql.slice(0, 300)}`);
    return slow;
  };

  it('driving runs looks at none that is over, however many there are', async () => {
    const stop = recordQueries(dataSource);
    const { run: past } = await bed.call(runStart, { pipeline: 'all' });
    expect((await bed.finished(past)).status).toBe('succeeded');
    await repeatRun(dataSource, past, 2_000);
    const first = await bed.call(runStart, { pipeline: 'all', idempotencyKey: 'k' });
    const second = await bed.call(runStart, { pipeline: 'all' });
    const third = await bed.call(runStart, { pipeline: 'all', cache: false, priority: 9 });
    await bed.call(runCancel, { run: third.run });
    for (const { run } of [first, second]) expect((await bed.finished(run)).status).toBe('succeeded');
    const recorded = stop();
    const [{ n: known } = { n: 0 }] = await dataSource.query<{ n: unknown }[]>(
      'SELECT count(*) AS n FROM step',
    );
    expect(Number(known)).toBeGreaterThan(20_000);
    const queries = [...recorded].filter(
      ([sql]) => /^\s*(SELECT|UPDATE|DELETE)/i.test(sql) && !sql.includes('series'),
    );

    expect(await slowIn(queries)).toEqual([]);
    // What is said of nothing would be said of anything.
    for (const table of ['run', 'step', 'cache_entry'])
      expect(queries.filter(([sql]) => new RegExp(`\\b${table}\\b`).test(sql))).not.toEqual([]);
    for (const sql of [
      `SELECT id FROM run WHERE pipeline = 'all' AND status <> 'pending'`,
      `SELECT COUNT(1) FROM run WHERE status = 'succeeded'`,
      `SELECT count(*) FROM step WHERE component = 'test.add'`,
    ])
      expect(await slowIn([[sql, []]])).toHaveLength(1);
  }, 60_000);

  it('nothing of runs that are over is left in the indices of what is under way', async () => {
    const failing =
      'it: { component: test.fail, params: { times: 9 }, retry: { attempts: 2, backoffMs: 10 } }';
    const { run } = await bed.run(
      `name: failing\nsteps: { ${failing}, never: { component: test.add, after: [it] } }`,
    );
    expect((await bed.finished(run)).status).toBe('failed');
    const left: Record<string, number> = {};
    for (const table of ['run', 'step'])
      for (const [index, condition] of await partialIndices(dataSource, table)) {
        const [row] = await dataSource.query<{ n: unknown }[]>(
          `SELECT count(*) AS n FROM ${table} WHERE ${condition}`,
        );
        left[index] = Number(row?.n);
      }
    expect(left).toMatchObject(ofUnderWay);
    // Of these, what is over counts.
    for (const index of ['idx_run_parent', 'idx_step_failed']) expect(left[index]).toBeGreaterThan(0);
  }, 30_000);
});
