import { DomainError, type ColumnSchema } from '@millrace/contracts';
import type { DataLimits } from '../limits.js';
import { records, type Session } from '../session/session.js';
import { identifier, literal } from '../sql/sql-text.js';
import { checkColumns } from './check-columns.js';
import { storedColumn, storedExpression } from './column-type.js';

export interface Written {
  columns: ColumnSchema[];
  rows: number;
  /** Columns that have no type of their own with us and became text. */
  casts: { column: string; from: string }[];
}

/** Columns of a relation, as DuckDB types them. */
export const describe = async (
  session: Session,
  relation: string,
): Promise<{ name: string; type: string }[]> =>
  records<{ column_name: string; column_type: string }>(
    await session.run(`DESCRIBE SELECT * FROM ${relation}`),
  ).map((row) => ({ name: row.column_name, type: row.column_type }));

const nullsOf = async (session: Session, path: string): Promise<Map<string, number>> =>
  new Map(
    records<{ name: string; nulls: string | null }>(
      await session.run(
        `SELECT path_in_schema AS name, sum(stats_null_count) AS nulls FROM parquet_metadata(${literal(path)}) GROUP BY ALL`,
      ),
    ).map(({ name, nulls }) => [name, Number(nulls ?? 0)]),
  );

/**
 * Writes a relation, in its order and in stored types, as one Parquet file. The same rows give the same bytes with the
 * same DuckDB version.
 * @param relation what can follow FROM
 * @throws DomainError data_invalid when there are no rows, payload_too_large beyond the limits
 */
export const writeParquet = async (
  session: Session,
  relation: string,
  path: string,
  what: string,
  limits: DataLimits,
): Promise<Written> => {
  const source = await describe(session, relation);
  checkColumns(
    source.map((column) => column.name),
    what,
    limits.maxColumns,
  );
  const stored = source.map(({ name, type }) => storedExpression(name, type, limits.maxCellBytes)).join(', ');
  const { rows: counted } = await session.run(
    `COPY (SELECT ${stored} FROM ${relation} LIMIT ${limits.maxRows + 1}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880, USE_TMP_FILE false)`,
  );
  const rows = Number(counted[0]?.[0] ?? 0);
  if (rows === 0) throw new DomainError('data_invalid', `${what} has no rows`);
  if (rows > limits.maxRows)
    throw new DomainError('payload_too_large', `${what} has more than ${limits.maxRows} rows`);
  const nulls = await nullsOf(session, path);
  const columns = source.map(({ name, type }) => storedColumn(name, type));
  return {
    rows,
    columns: columns.map(({ name, type }) => ({ name, type, nullable: (nulls.get(name) ?? 0) > 0 })),
    casts: columns.flatMap(({ name, castFrom }) => (castFrom ? [{ column: name, from: castFrom }] : [])),
  };
};

/** Columns of Parquet files that we wrote. */
export const storedColumns = async (session: Session, relation: string) =>
  (await describe(session, relation)).map(({ name, type }) => storedColumn(name, type));

export const selectList = (names: readonly string[]): string => names.map(identifier).join(', ');
