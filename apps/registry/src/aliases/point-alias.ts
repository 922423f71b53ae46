import type { SetAlias } from '@millrace/contracts';
import type { EntityManager } from 'typeorm';

/** In the caller's transaction. @returns false when the alias points there already. */
export const pointAlias = async (em: EntityManager, { name, alias, version }: SetAlias): Promise<boolean> => {
  const rows = (await em.sql`
    INSERT INTO model_alias (name, alias, version, changed_at) VALUES (${name}, ${alias}, ${version}, ${Date.now()})
    ON CONFLICT (name, alias) DO UPDATE SET version = excluded.version, changed_at = excluded.changed_at
    WHERE model_alias.version <> excluded.version
    RETURNING 1 AS changed`) as unknown[];
  return rows.length > 0;
};
