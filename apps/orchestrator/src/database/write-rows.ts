import type { EntityManager, EntityMetadata, EntityTarget, ObjectLiteral, ValueTransformer } from 'typeorm';

/** Few sizes, so that the prepared statements of all of them are kept. */
const sizes = [100, 10, 1];

type Columns = EntityMetadata['columns'];

const valueOf = (column: Columns[number], row: ObjectLiteral): unknown => {
  const value: unknown = row[column.propertyName];
  return (column.transformer ? (column.transformer as ValueTransformer).to(value) : value) ?? null;
};

/**
 * Inserts many rows in few statements. With `replace`, a row with the same key is overwritten; with `keep`, it stays. For the paths that
 * write thousands of rows, on both databases; elsewhere TypeORM's own `insert` and `upsert` do.
 */
export const writeRows = async <T extends ObjectLiteral>(
  em: EntityManager,
  entity: EntityTarget<T>,
  rows: readonly T[],
  { replace = false, keep = false } = {},
): Promise<void> => {
  const { tableName, columns, primaryColumns } = em.dataSource.getMetadata(entity);
  const written = columns.filter(({ isGenerated }) => !isGenerated);
  const name = (column: Columns[number]) => `"${column.databaseName}"`;
  const others = written.filter((column) => !primaryColumns.includes(column));
  const conflict = replace
    ? ` ON CONFLICT (${primaryColumns.map(name).join(', ')}) DO UPDATE SET ${others.map((column) => `${name(column)} = excluded.${name(column)}`).join(', ')}`
    : keep
      ? ' ON CONFLICT DO NOTHING'
      : '';
  const numbered = em.dataSource.options.type === 'postgres';

  let done = 0;
  for (const size of sizes)
    for (; rows.length - done >= size; done += size) {
      const some = rows.slice(done, done + size);
      const tuple = (_: T, row: number) =>
        `(${written.map((_column, i) => (numbered ? `$${row * written.length + i + 1}` : '?')).join(', ')})`;
      await em.query(
        `INSERT INTO "${tableName}" (${written.map(name).join(', ')}) VALUES ${some.map(tuple).join(', ')}${conflict}`,
        some.flatMap((row) => written.map((column) => valueOf(column, row))),
      );
    }
};
