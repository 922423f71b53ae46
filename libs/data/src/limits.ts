/** What one call may use. Everything beyond is refused with `payload_too_large` or `deadline_exceeded`. */
export interface DataLimits {
  /** Columns of a file or of a query's result. */
  maxColumns: number;
  /** Rows written to one Parquet file. */
  maxRows: number;
  /** Bytes of a source file. */
  maxFileBytes: number;
  /** Bytes written by one call. */
  maxOutputBytes: number;
  /** Bytes of one line of CSV or of one JSON record. */
  maxLineBytes: number;
  /** Bytes of one cell. */
  maxCellBytes: number;
  /** Characters of a SQL text. */
  maxSqlLength: number;
  /** Nesting of a JSON record; DuckDB's own parser is recursive and overflows its stack at some 100,000. */
  maxJsonDepth: number;
  /** One call, in milliseconds. */
  timeoutMs: number;
}

export const defaultLimits: DataLimits = {
  maxColumns: 10_000,
  maxRows: 100_000_000,
  maxFileBytes: 20 * 2 ** 30,
  maxOutputBytes: 20 * 2 ** 30,
  maxLineBytes: 4 * 2 ** 20,
  maxCellBytes: 2 ** 20,
  maxSqlLength: 100_000,
  maxJsonDepth: 64,
  timeoutMs: 300_000,
};
