import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import type { Table } from '@millrace/ml';
import { selectList, writeParquet, type Written } from '../columns/write-parquet.js';
import type { DataLimits } from '../limits.js';
import type { Session } from '../session/session.js';
import { identifier, literal } from '../sql/sql-text.js';
import { readTable } from '../table/read-table.js';

/** A column that was computed: one value per row; null is missing, as is NaN. */
export type NewColumn = { name: string } & (
  | { type: 'number'; values: ArrayLike<number> }
  | { type: 'integer'; values: ArrayLike<bigint> }
  | { type: 'boolean'; values: ArrayLike<boolean | null> }
  | { type: 'string'; values: ArrayLike<string | null> }
);

export interface Extension {
  /** First row of the file, and how many. */
  from: number;
  rows: number;
  /** Columns to compute from. */
  reads: readonly string[];
  /** Columns to keep, in this order; the new ones stand behind them. */
  keeps: readonly string[];
  /** @param table the columns of `reads` */
  compute(table: Table): Promise<NewColumn[]>;
}

const sqlTypes = { number: 'DOUBLE', integer: 'BIGINT', boolean: 'BOOLEAN', string: 'VARCHAR' } as const;

export const extendSlice = async (
  session: Session,
  connection: DuckDBConnection,
  path: string,
  { from, rows, reads, keeps, compute }: Extension,
  outParquet: string,
  limits: DataLimits,
): Promise<Written> => {
  const columns = selectList([...new Set([...reads, ...keeps])]);
  await session.run(
    `CREATE TABLE slice AS SELECT ${columns} FROM read_parquet(${literal(path)}, file_row_number = true)
     WHERE file_row_number >= ${from} AND file_row_number < ${from + rows} ORDER BY file_row_number`,
  );
  const added = await compute(await readTable(session, connection, 'slice', reads));
  const definitions = added.map(({ name, type }) => `${identifier(name)} ${sqlTypes[type]}`);
  await session.run(`CREATE TABLE added (${definitions.join(', ')})`);
  const appender = await connection.createAppender('added');
  for (let row = 0; row < rows; row++) {
    for (const column of added) append(appender, column, row);
    appender.endRow();
  }
  appender.closeSync();
  const kept = keeps.map((name) => `slice.${identifier(name)}`);
  const news = added.map(({ name }) => `added.${identifier(name)}`);
  await session.run(
    `CREATE VIEW extended AS SELECT ${[...kept, ...news].join(', ')} FROM slice POSITIONAL JOIN added`,
  );
  return writeParquet(session, 'extended', outParquet, 'the extended table', limits);
};

const append = (appender: DuckDBAppender, column: NewColumn, row: number): void => {
  const value = column.values[row];
  if (value === null || value === undefined || Number.isNaN(value)) appender.appendNull();
  else if (column.type === 'number') appender.appendDouble(value as number);
  else if (column.type === 'integer') appender.appendBigInt(value as bigint);
  else if (column.type === 'boolean') appender.appendBoolean(value as boolean);
  else appender.appendVarchar(value as string);
};
