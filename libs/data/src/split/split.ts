import { DomainError, InvalidRequest, type ColumnSchema } from '@millrace/contracts';
import { selectList, storedColumns, writeParquet } from '../columns/write-parquet.js';
import type { StoredColumn } from '../columns/column-type.js';
import type { DataLimits } from '../limits.js';
import { records, type Session } from '../session/session.js';
import { identifier, parquetScan } from '../sql/sql-text.js';
import { plainRows } from '../table/preview.js';
import { chooseBoundary } from './choose-boundary.js';

export type SplitOptions =
  /** Train is strictly earlier than test; rows of one time stay together. */
  | { by: 'time'; column: string; testFraction: number }
  /** The rows with the smallest hashes of row number and seed are the test; exactly round(rows × fraction) of them. */
  | { by: 'random'; seed: number; testFraction: number };

export interface SplitResult {
  columns: ColumnSchema[];
  train: number;
  test: number;
  /** By time: train is what lies before it, test begins at it (ISO 8601, or a number). */
  boundary?: string | number;
}

const requireTime = (columns: readonly StoredColumn[], name: string): void => {
  const column = columns.find((candidate) => candidate.name === name);
  const names = columns.map((candidate) => candidate.name).join(', ');
  if (!column)
    throw new InvalidRequest([
      { field: 'column', message: `the dataset has no column '${name}'; it has ${names}` },
    ]);
  if (!['timestamp', 'integer', 'number'].includes(column.type))
    throw new InvalidRequest([
      { field: 'column', message: `'${name}' is a ${column.type}, not a time or a number` },
    ]);
};

/** Conditions, as SQL on a row, of the two sides of a split by time. */
const sidesByTime = async (session: Session, scan: string, name: string, testFraction: number) => {
  const column = identifier(name);
  const [size] = records<Record<string, string>>(
    await session.run(`SELECT count(*) AS rows, count(*) - count(${column}) AS missing FROM ${scan}`),
  );
  const rows = Number(size!.rows);
  if (Number(size!.missing) > 0)
    throw new DomainError(
      'data_invalid',
      `column '${name}' is missing in ${size!.missing} of ${rows} rows: they belong to no time`,
    );
  const at = `(SELECT quantile_disc(${column}, ${1 - testFraction}) FROM ${scan})`;
  const [counts] = records<Record<string, string>>(
    await session.run(
      `SELECT count(*) FILTER (${column} < ${at}) AS before, count(*) FILTER (${column} <= ${at}) AS through FROM ${scan}`,
    ),
  );
  const { inclusive } = chooseBoundary(
    { rows, before: Number(counts!.before), through: Number(counts!.through) },
    testFraction,
  );
  const first = inclusive ? `(SELECT min(${column}) FROM ${scan} WHERE ${column} > ${at})` : at;
  const boundary = plainRows(await session.run(`SELECT ${first} AS boundary`))[0]!.boundary as
    string | number;
  return { train: `${column} < ${first}`, test: `${column} >= ${first}`, boundary };
};

const sidesByChance = async (session: Session, numbered: string, testFraction: number) => {
  const [size] = records<{ rows: string }>(await session.run(`SELECT count(*) AS rows FROM ${numbered}`));
  const rows = Number(size!.rows);
  if (rows < 2) throw new DomainError('data_invalid', "one row can't be split");
  const test = Math.min(rows - 1, Math.max(1, Math.round(rows * testFraction)));
  const bound = `(SELECT max(h) FROM (SELECT millrace_hash AS h FROM ${numbered} ORDER BY h LIMIT ${test}))`;
  return { train: `millrace_hash > ${bound}`, test: `millrace_hash <= ${bound}` };
};

/** Writes train and test, each in the order of the source. Deterministic. */
export const split = async (
  session: Session,
  paths: readonly string[],
  options: SplitOptions,
  out: { train: string; test: string },
  limits: DataLimits,
): Promise<SplitResult> => {
  const scan = parquetScan(paths);
  const columns = await storedColumns(session, scan);
  if (options.by === 'time') requireTime(columns, options.column);
  const from =
    options.by === 'time'
      ? scan
      : `(SELECT *, hash(row_number() OVER (), ${options.seed}) AS millrace_hash FROM ${scan})`;
  const sides: { train: string; test: string; boundary?: string | number } =
    options.by === 'time'
      ? await sidesByTime(session, scan, options.column, options.testFraction)
      : await sidesByChance(session, from, options.testFraction);
  const select = (condition: string) =>
    `(SELECT ${selectList(columns.map(({ name }) => name))} FROM ${from} WHERE ${condition})`;
  const train = await writeParquet(session, select(sides.train), out.train, 'the train part', limits);
  const test = await writeParquet(session, select(sides.test), out.test, 'the test part', limits);
  return {
    columns: train.columns,
    train: train.rows,
    test: test.rows,
    ...(sides.boundary === undefined ? {} : { boundary: sides.boundary }),
  };
};
