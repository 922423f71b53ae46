import { CacheEntry } from '../cache/cache-entry.entity.js';
import { LineageArtifactRow, LineageStepRow } from '../lineage/lineage.entity.js';
import { LogLine } from '../log/log-line.entity.js';
import { RunRow } from '../runs/store/run.entity.js';
import { StepRow } from '../runs/store/step.entity.js';
import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';

/** Tables that grow with every run, and under which column they have it. */
const tables: readonly [EntityTarget<ObjectLiteral>, string][] = [
  [RunRow, 'id'],
  [StepRow, 'run'],
  [LogLine, 'run'],
  [LineageStepRow, 'run'],
  [LineageArtifactRow, 'run'],
];

export const growingTables = (dataSource: DataSource): string[] =>
  [...tables.map(([entity]) => entity), CacheEntry].map((entity) => dataSource.getMetadata(entity).tableName);

/** What no two rows may share. */
const emptied = new Set(['idempotency_key', 'parent', 'parent_step', 'parent_attempt']);

/** As if a finished run had been done so many times more. Its cached results stay what they are, beside others. */
export const repeatRun = async (dataSource: DataSource, run: string, times: number): Promise<void> => {
  const copy = async (entity: EntityTarget<ObjectLiteral>, where: string, key: string): Promise<void> => {
    const { tableName, columns } = dataSource.getMetadata(entity);
    const own = columns.filter(({ isGenerated }) => !isGenerated).map(({ databaseName }) => databaseName);
    const values = own.map((name) => {
      if (name === key) return `"${name}" || '-' || i`;
      return tableName === 'run' && emptied.has(name) ? 'NULL' : `"${name}"`;
    });
    await dataSource.query(`
      WITH RECURSIVE series (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < ${times})
      INSERT INTO "${tableName}" (${own.map((name) => `"${name}"`).join(', ')})
      SELECT ${values.join(', ')} FROM "${tableName}", series WHERE "${where}" = '${run}'`);
  };
  for (const [entity, key] of tables) await copy(entity, key, key);
  await copy(CacheEntry, 'run', 'key');
  // PostgreSQL does so by itself, sooner or later; SQLite never, and plans without knowing how much there is.
  if (dataSource.options.type === 'postgres') await dataSource.query('ANALYZE');
};
