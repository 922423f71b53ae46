import type { TableColumnOptions } from 'typeorm';

type Options = Pick<TableColumnOptions, 'isNullable' | 'isUnique' | 'isPrimary' | 'default'>;
export type ColumnDefinition = Omit<TableColumnOptions, 'name'>;

const of =
  (type: string) =>
  (options: Options = {}): ColumnDefinition => ({ ...options, type });

/** Column types that mean the same on SQLite and PostgreSQL, for migrations. */
export const column = {
  text: of('text'),
  integer: of('integer'),
  /** Entity: `@Column({ type: 'double precision' })`. */
  real: of('double precision'),
  boolean: of('boolean'),
  /** Entity: `@jsonColumn()`. */
  json: of('text'),
  /** Entity: `@timestampColumn()`, epoch milliseconds. */
  timestamp: of('bigint'),
  /** A growing number that the database gives out. Entity: `@PrimaryGeneratedColumn()`. */
  increment: (): ColumnDefinition => ({
    type: 'integer',
    isPrimary: true,
    isGenerated: true,
    generationStrategy: 'increment',
  }),
} as const;
