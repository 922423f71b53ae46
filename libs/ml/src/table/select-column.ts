import { MlError } from '../ml-error.js';
import type { Column, Table } from './table.js';

/** @throws MlError `unknown_column`, or `dimension_mismatch` when the column's length is not the table's. */
export const selectColumn = (table: Table, name: string): Column => {
  const column = Object.hasOwn(table.columns, name) ? table.columns[name] : undefined;
  if (!column) {
    throw new MlError('unknown_column', `column '${name}' does not exist`, { column: name });
  }
  if (column.values.length !== table.rows) {
    throw new MlError(
      'dimension_mismatch',
      `column '${name}' has ${column.values.length} values for ${table.rows} rows`,
      { column: name },
    );
  }
  return column;
};
