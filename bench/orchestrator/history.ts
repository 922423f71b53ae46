import { openDataSource } from '@millrace/persistence';

/** As if a finished run had happened so many times before: its rows, under other ids. */
export const addHistory = async (dataDir: string, run: string, copies: number): Promise<void> => {
  const source = await openDataSource({ service: 'orchestrator', dataDir, entities: [], migrations: [] });
  try {
    for (const [table, key] of [
      ['run', 'id'],
      ['step', 'run'],
      ['run_log', 'run'],
    ] as const) {
      const columns = ((await source.query(`PRAGMA table_info(${table})`)) as { name: string }[])
        .map(({ name }) => name)
        // The log's own key is given by the database.
        .filter((name) => table !== 'run_log' || name !== 'id');
      const values = columns.map((name) =>
        name === key ? `'00' || substr(${name}, 3, 16) || printf('%08d', copy)` : name,
      );
      await source.query(
        `WITH RECURSIVE copies(copy) AS (SELECT 1 UNION ALL SELECT copy + 1 FROM copies WHERE copy < ${copies})
         INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')} FROM ${table}, copies WHERE ${key} = '${run}'`,
      );
    }
  } finally {
    await source.destroy();
  }
};
