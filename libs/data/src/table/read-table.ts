import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { InvalidRequest } from '@millrace/contracts';
import type { Column, Table } from '@millrace/ml';
import type { StoredColumn } from '../columns/column-type.js';
import { storedColumns } from '../columns/write-parquet.js';
import type { Session } from '../session/session.js';
import { identifier } from '../sql/sql-text.js';

/** Numbers come as DOUBLE without NULLs, so that whole vectors are copied at once. */
const columnExpression = ({ name, type }: StoredColumn): string => {
  const column = identifier(name);
  if (type === 'string') return column;
  const value = type === 'timestamp' ? `epoch_us(${column}) / 1000` : column;
  return `coalesce(CAST(${value} AS DOUBLE), 'NaN'::DOUBLE) AS ${column}`;
};

const kinds = { integer: 'number', number: 'number', boolean: 'boolean', timestamp: 'timestamp' } as const;

const readNumbers = (chunks: readonly DuckDBDataChunk[], index: number, rows: number): Float64Array => {
  const values = new Float64Array(rows);
  let offset = 0;
  for (const chunk of chunks) {
    const { items } = chunk.getColumnVector(index) as unknown as { items: Float64Array };
    values.set(items, offset);
    offset += items.length;
  }
  return values;
};

/** Repeated texts share one string. */
const readStrings = (chunks: readonly DuckDBDataChunk[], index: number, rows: number): (string | null)[] => {
  const values = new Array<string | null>(rows);
  const known = new Map<string, string>();
  let offset = 0;
  for (const chunk of chunks) {
    const vector = chunk.getColumnVector(index);
    for (let i = 0; i < vector.itemCount; i++) {
      const value = vector.getItem(i) as string | null;
      if (value !== null && known.size < 65_536 && !known.has(value)) known.set(value, value);
      values[offset++] = value === null ? null : (known.get(value) ?? value);
    }
  }
  return values;
};

const unknownColumns = (
  wanted: readonly string[],
  columns: readonly StoredColumn[],
): InvalidRequest | undefined => {
  const names = new Set(columns.map(({ name }) => name));
  const unknown = wanted.filter((name) => !names.has(name));
  return unknown.length === 0
    ? undefined
    : new InvalidRequest(
        unknown.map((name) => ({
          field: `columns.${name}`,
          message: `the dataset has no column '${name}'; it has ${[...names].join(', ')}`,
        })),
      );
};

/**
 * Columns of a relation (what can follow FROM) as typed arrays, rows in its order. Timestamps become epoch milliseconds; integers beyond
 * 2^53 lose their last digits.
 */
export const readTable = async (
  session: Session,
  connection: DuckDBConnection,
  relation: string,
  wanted?: readonly string[],
): Promise<Table> => {
  const all = await storedColumns(session, relation);
  const refusal = unknownColumns(wanted ?? [], all);
  if (refusal) throw refusal;
  const chosen = wanted ? wanted.map((name) => all.find((column) => column.name === name)!) : all;
  const result = await connection.run(`SELECT ${chosen.map(columnExpression).join(', ')} FROM ${relation}`);
  const chunks = await result.fetchAllChunks();
  const rows = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0);
  const columns = chosen.map(({ name, type }, i): [string, Column] => [
    name,
    type === 'string'
      ? { kind: 'string', values: readStrings(chunks, i, rows) }
      : { kind: kinds[type], values: readNumbers(chunks, i, rows) },
  ]);
  return { rows, columns: Object.fromEntries(columns) };
};
