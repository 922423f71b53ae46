import { Column, type ColumnOptions, type ValueTransformer } from 'typeorm';

/** Both databases keep JSON as text: what was stored comes back with the same types and the same order of keys. */
export const jsonTransformer: ValueTransformer = {
  to: (value: unknown) => (value === undefined || value === null ? value : JSON.stringify(value)),
  from: (text: unknown) => (typeof text === 'string' ? (JSON.parse(text) as unknown) : text),
};

/** PostgreSQL hands 64-bit integers over as text, SQLite as numbers. */
export const timestampTransformer: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: unknown) => (typeof value === 'string' ? Number(value) : value),
};

type Options = Omit<ColumnOptions, 'type' | 'transformer'>;

/** A column of any JSON value. Migrations: `column.json()`. */
export const jsonColumn = (options: Options = {}): PropertyDecorator =>
  Column({ ...options, type: 'text', transformer: jsonTransformer });

/** Epoch milliseconds as a `number`. Migrations: `column.timestamp()`. */
export const timestampColumn = (options: Options = {}): PropertyDecorator =>
  Column({ ...options, type: 'bigint', transformer: timestampTransformer });
