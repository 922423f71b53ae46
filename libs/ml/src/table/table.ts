/** A column of a table. Missing is NaN or, for strings, null (and the empty string counts as missing too). */
export type Column =
  | { kind: 'number'; values: Float64Array }
  | { kind: 'string'; values: (string | null)[] }
  /** Epoch milliseconds, UTC. */
  | { kind: 'timestamp'; values: Float64Array }
  /** 0, 1 or NaN. */
  | { kind: 'boolean'; values: Float64Array };

export type ColumnKind = Column['kind'];

/** Columns of equal length, by name. */
export interface Table {
  rows: number;
  columns: Record<string, Column>;
}
