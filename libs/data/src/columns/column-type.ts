import type { ColumnType } from '@millrace/contracts';
import { identifier, literal } from '../sql/sql-text.js';

const integers = /^(?:TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER)$/;
const numbers = /^(?:FLOAT|DOUBLE|UBIGINT|HUGEINT|UHUGEINT|BIGNUM|DECIMAL\b.*)$/;
const timestamps = /^(?:DATE|TIMESTAMP|TIMESTAMP_S|TIMESTAMP_MS|TIMESTAMP_NS)$/;
const texts = /^(?:VARCHAR|ENUM\b.*)$/;
const nested = /[([\]]/;

/** How one column is stored: always BIGINT, DOUBLE, BOOLEAN, VARCHAR or TIMESTAMP (UTC). */
export interface StoredColumn {
  name: string;
  type: ColumnType;
  /** Has no type of its own with us (nested, binary, time, interval, …) and became text. */
  castFrom?: string;
}

export const storedColumn = (name: string, duckType: string): StoredColumn => {
  if (integers.test(duckType)) return { name, type: 'integer' };
  if (numbers.test(duckType)) return { name, type: 'number' };
  if (duckType === 'BOOLEAN') return { name, type: 'boolean' };
  if (timestamps.test(duckType) || duckType === 'TIMESTAMP WITH TIME ZONE')
    return { name, type: 'timestamp' };
  if (texts.test(duckType)) return { name, type: 'string' };
  return { name, type: 'string', castFrom: duckType };
};

/** The text of a value that has no column type of its own. */
const asText = (column: string, duckType: string): string => {
  if (duckType === 'JSON') return `json_extract_string(${column}, '$')`;
  return nested.test(duckType) ? `CAST(to_json(${column}) AS VARCHAR)` : `CAST(${column} AS VARCHAR)`;
};

const limited = (text: string, name: string, maxCellBytes: number): string =>
  `CASE WHEN strlen(${text}) > ${maxCellBytes} THEN error(${literal(cellTooLarge(name, maxCellBytes))}) ELSE ${text} END`;

export const cellTooLarge = (name: string, maxCellBytes: number): string =>
  `column '${name}' has a cell of more than ${maxCellBytes} bytes`;

/** The SQL that brings a column of any DuckDB type into its stored form. NaN and infinite times become missing. */
export const storedExpression = (name: string, duckType: string, maxCellBytes: number): string => {
  const column = identifier(name);
  const { type } = storedColumn(name, duckType);
  const expression = {
    integer: () => `CAST(${column} AS BIGINT)`,
    number: () => `nullif(CAST(${column} AS DOUBLE), 'NaN'::DOUBLE)`,
    boolean: () => column,
    timestamp: () =>
      duckType === 'TIMESTAMP WITH TIME ZONE'
        ? `CASE WHEN isfinite(${column}) THEN timezone('UTC', ${column}) END`
        : `CASE WHEN isfinite(CAST(${column} AS TIMESTAMP)) THEN CAST(${column} AS TIMESTAMP) END`,
    string: () => limited(asText(column, duckType), name, maxCellBytes),
  }[type]();
  return `${expression} AS ${column}`;
};
