import type { Column, Table } from './table.js';

const pick = (column: Column, rows: ArrayLike<number>): Column =>
  column.kind === 'string'
    ? { kind: 'string', values: Array.from(rows, (row) => column.values[row] ?? null) }
    : { kind: column.kind, values: Float64Array.from(rows, (row) => column.values[row] ?? NaN) };

/** The given rows, in the given order, of every column. */
export const selectRows = (table: Table, rows: ArrayLike<number>): Table => ({
  rows: rows.length,
  columns: Object.fromEntries(
    Object.entries(table.columns).map(([name, column]) => [name, pick(column, rows)]),
  ),
});
