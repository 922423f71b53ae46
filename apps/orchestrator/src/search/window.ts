import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { fitting } from './fitting.js';

/**
 * How many rows one page may look at. A search for what is nowhere would read everything, and a query on SQLite holds up
 * the process for as long as it takes; so a page ends there, with what it found and a `next`.
 */
export const maxLookedAt = 20_000;

export interface Window<T> {
  /** Ordered, with whatever an index can do. */
  query: SelectQueryBuilder<T & ObjectLiteral>;
  /** Columns of the order, newest first. */
  key: readonly string[];
  /** Whatever must be looked at row by row. */
  narrow?: (query: SelectQueryBuilder<T & ObjectLiteral>) => void;
  limit: number;
}

export interface Page<T> {
  rows: T[];
  /** Key of the row after which the next page begins. */
  next?: string[];
}

type Raw = Record<string, string | number>;

/** Adds “older than this key” to a query. */
export const olderThan = (
  query: SelectQueryBuilder<ObjectLiteral>,
  key: readonly string[],
  values: readonly (string | number)[],
  comparison: '<' | '>=' = '<',
): void => {
  const name = (i: number) => `${comparison === '<' ? 'after' : 'edge'}${i}`;
  query.andWhere(
    `(${key.join(', ')}) ${comparison} (${key.map((_, i) => `:${name(i)}`).join(', ')})`,
    Object.fromEntries(values.map((value, i) => [name(i), value])),
  );
};

/** One page of what fits, found by looking at a bounded number of rows. */
export const readPage = async <T>(
  { query, key, narrow, limit }: Window<T>,
  keyOf: (row: T) => (string | number)[],
): Promise<Page<T>> => {
  for (const column of key) query.addOrderBy(column, 'DESC');
  let edge: (string | number)[] | undefined;
  if (narrow) {
    const select = query.clone().select([]);
    key.forEach((column, i) => select.addSelect(column, `k${i}`));
    const raw = await select
      .offset(maxLookedAt - 1)
      .limit(1)
      .getRawOne<Raw>();
    if (raw) edge = key.map((_, i) => raw[`k${i}`] ?? '');
    if (edge) olderThan(query, key, edge, '>=');
    narrow(query);
  }
  const found: T[] = await query.limit(limit + 1).getMany();
  const rows = fitting(found.slice(0, limit));
  const last = rows.at(-1);
  const next = found.length > rows.length && last !== undefined ? keyOf(last) : edge;
  return next ? { rows, next: next.map(String) } : { rows };
};

/** A text as a pattern of LIKE, its own `%` and `_` taken as they stand. */
export const likePattern = (text: string): string =>
  `%${text.toLowerCase().replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;

/** Is the text in one of these columns? Upper and lower case are the same. */
export const contains = (columns: readonly string[]): string =>
  `(${columns.map((column) => `LOWER(${column}) LIKE :text ESCAPE '\\'`).join(' OR ')})`;
