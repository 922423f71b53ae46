import type { DataSource } from 'typeorm';

export interface Access {
  table: string;
  /** Of the index; none where the table is read from end to end. */
  index?: string;
  /** What is looked for in the index; none where it is read from end to end. */
  condition?: string;
}

/** From now on, every statement and what was last given to it. Hands them over when asked to. */
export const recordQueries = (dataSource: DataSource): (() => ReadonlyMap<string, unknown[]>) => {
  const seen = new Map<string, unknown[]>();
  const { logger } = dataSource;
  const quiet = logger.logQuery.bind(logger);
  logger.logQuery = (query, parameters, runner) => {
    seen.set(query, Array.isArray(parameters) ? parameters : []);
    quiet(query, parameters, runner);
  };
  return () => {
    logger.logQuery = quiet;
    return seen;
  };
};

/** `SEARCH step USING COVERING INDEX idx_step_active (component=?)`, `SCAN run`, … */
const ofSqlite = (rows: { detail: string }[]): Access[] =>
  rows.flatMap(({ detail }) => {
    const [, table = '', , index, , condition] =
      /^(?:SEARCH|SCAN) (\w+)( USING (?:COVERING )?INDEX (\w+)| USING INTEGER PRIMARY KEY)?( \((.*)\))?$/.exec(
        detail,
      ) ?? [];
    if (table === '' && /^(SEARCH|SCAN) (?!CONSTANT ROW)/.test(detail))
      throw new Error(`not understood: ${detail}`);
    if (table === '') return [];
    const byRowId = detail.includes('INTEGER PRIMARY KEY') ? { index: 'rowid' } : {};
    return [{ table, ...byRowId, ...(index ? { index } : {}), ...(condition ? { condition } : {}) }];
  });

interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Plans?: Node[];
}

const ofPostgres = (node: Node, table = ''): Access[] => {
  const relation = node['Relation Name'] ?? table;
  const [index, condition] = [node['Index Name'], node['Index Cond']];
  const below = (node.Plans ?? []).flatMap((plan) => ofPostgres(plan, relation));
  const reads = index !== undefined || node['Node Type'] === 'Seq Scan';
  if (!reads) return below;
  return [{ table: relation, ...(index ? { index } : {}), ...(condition ? { condition } : {}) }, ...below];
};

/** SQLite calls a table as the statement does: by its name, or TypeORM's by that of its entity. */
const tableOf = async (dataSource: DataSource, alias: string): Promise<string> => {
  const entity = dataSource.entityMetadatas.find(({ name }) => name === alias);
  if (entity) return entity.tableName;
  const found = await dataSource.query<unknown[]>('SELECT name FROM sqlite_master WHERE name = ?', [alias]);
  if (found.length === 0) throw new Error(`no table is known as '${alias}'`);
  return alias;
};

/** How the database would find the rows of a statement, as full as it is now. Changes nothing. */
export const accessesOf = async (
  dataSource: DataSource,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<Access[]> => {
  if (dataSource.options.type !== 'postgres') {
    const rows = await dataSource.query<{ detail: string }[]>(`EXPLAIN QUERY PLAN ${sql}`, [...parameters]);
    const named = ofSqlite(rows).map(async (one) => ({
      ...one,
      table: await tableOf(dataSource, one.table),
    }));
    return Promise.all(named);
  }
  const [row] = await dataSource.query<{ 'QUERY PLAN': [{ Plan: Node }] }[]>(`EXPLAIN (FORMAT JSON) ${sql}`, [
    ...parameters,
  ]);
  return row ? ofPostgres(row['QUERY PLAN'][0].Plan) : [];
};

/** By index of a table, what a row must be to be in it; only of those that don't hold all rows. */
export const partialIndices = async (dataSource: DataSource, table: string): Promise<Map<string, string>> => {
  const rows = await dataSource.query<{ name: string; sql: string | null }[]>(
    dataSource.options.type === 'postgres'
      ? `SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE schemaname = 'public' AND tablename = '${table}'`
      : `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = '${table}'`,
  );
  return new Map(
    rows.flatMap(({ name, sql }) => {
      const condition = /\sWHERE\s(.+)$/is.exec(sql ?? '')?.[1];
      return condition === undefined ? [] : [[name, condition] as const];
    }),
  );
};
