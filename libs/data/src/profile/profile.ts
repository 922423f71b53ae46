import type { ColumnProfile } from '@millrace/contracts';
import type { StoredColumn } from '../columns/column-type.js';
import { storedColumns } from '../columns/write-parquet.js';
import { records, type RawResult, type Session } from '../session/session.js';
import { identifier, parquetScan } from '../sql/sql-text.js';
import { plainRows } from '../table/preview.js';

/** Beyond so many rows, distinct counts and quantiles are approximate (HyperLogLog, t-digest). */
const exactRows = 2_000_000;
const topValues = 10;
const quantiles = { '0.01': 0.01, '0.25': 0.25, '0.5': 0.5, '0.75': 0.75, '0.99': 0.99 };

type Aggregates = { [name: string]: unknown };

const aggregates = ({ name, type }: StoredColumn, exact: boolean): string => {
  const column = identifier(name);
  const common = [
    'count(*) AS count',
    `count(*) - count(${column}) AS missing`,
    exact ? `count(DISTINCT ${column}) AS "distinct"` : `approx_count_distinct(${column}) AS "distinct"`,
  ];
  if (type === 'boolean') return [...common, `avg(CAST(${column} AS DOUBLE)) AS mean`].join(', ');
  if (type !== 'number' && type !== 'integer')
    return [...common, `min(${column}) AS min`, `max(${column}) AS max`].join(', ');
  const quantile = exact ? 'quantile_cont' : 'approx_quantile';
  const value = `CAST(${column} AS DOUBLE)`;
  return [
    ...common,
    `min(${column}) AS min`,
    `max(${column}) AS max`,
    `avg(${value}) AS mean`,
    // An infinite value has no deviation; DuckDB would fail.
    `stddev_samp(CASE WHEN isfinite(${value}) THEN ${value} END) AS std`,
    ...Object.entries(quantiles).map(([key, q]) => `${quantile}(${value}, ${q}) AS "q${key}"`),
  ].join(', ');
};

const topOf = (column: string, scan: string): string =>
  `SELECT left(CAST(${column} AS VARCHAR), 256) AS value, count(*) AS count FROM ${scan} WHERE ${column} IS NOT NULL GROUP BY ${column} ORDER BY count(*) DESC, ${column} LIMIT ${topValues}`;

const present = (values: Aggregates): Aggregates =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));

const toProfile = (
  { name, type }: StoredColumn,
  result: RawResult,
  top: ColumnProfile['top'],
): ColumnProfile => {
  const row = plainRows(result)[0]!;
  const found = Object.keys(quantiles).filter((key) => typeof row[`q${key}`] === 'number');
  const { count, missing, distinct, min, max, mean, std } = row as unknown as ColumnProfile;
  return {
    name,
    type,
    count,
    missing,
    distinct,
    ...present({ min, max, mean, std }),
    ...(found.length > 0
      ? { quantiles: Object.fromEntries(found.map((q) => [q, row[`q${q}`] as number])) }
      : {}),
    ...(top ? { top } : {}),
  };
};

/** Counts, ranges, moments, quantiles and most frequent values of each column, one column at a time. */
export const profile = async (session: Session, paths: readonly string[]): Promise<ColumnProfile[]> => {
  const scan = parquetScan(paths);
  const [size] = records<{ rows: string }>(await session.run(`SELECT count(*) AS rows FROM ${scan}`));
  const exact = Number(size!.rows) <= exactRows;
  const profiles: ColumnProfile[] = [];
  for (const column of await storedColumns(session, scan)) {
    const result = await session.run(`SELECT ${aggregates(column, exact)} FROM ${scan}`);
    const discrete = column.type === 'string' || column.type === 'boolean';
    const top = discrete ? plainRows(await session.run(topOf(identifier(column.name), scan))) : undefined;
    profiles.push(toProfile(column, result, top as ColumnProfile['top']));
  }
  return profiles;
};
