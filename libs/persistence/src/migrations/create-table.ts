import { Table, type QueryRunner, type TableForeignKeyOptions } from 'typeorm';
import type { ColumnDefinition } from './column.js';

export interface TableExtras {
  /** Each a list of columns; the name is made from them. */
  indices?: string[][];
  uniques?: string[][];
  foreignKeys?: TableForeignKeyOptions[];
}

/**
 * One migration for both databases:
 * `createTable(queryRunner, 'model', { name: column.text({ isPrimary: true }), at: column.timestamp() }, { indices: [['at']] })`
 */
export const createTable = (
  queryRunner: QueryRunner,
  name: string,
  columns: Record<string, ColumnDefinition>,
  extras: TableExtras = {},
): Promise<void> =>
  queryRunner.createTable(
    new Table({
      name,
      columns: Object.entries(columns).map(([column, definition]) => ({ ...definition, name: column })),
      indices: (extras.indices ?? []).map((columnNames) => ({
        name: ['idx', name, ...columnNames].join('_'),
        columnNames,
      })),
      uniques: (extras.uniques ?? []).map((columnNames) => ({
        name: ['uq', name, ...columnNames].join('_'),
        columnNames,
      })),
      foreignKeys: extras.foreignKeys ?? [],
    }),
  );
