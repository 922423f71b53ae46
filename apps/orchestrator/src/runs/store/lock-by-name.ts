import type { EntityManager } from 'typeorm';

/** Replicas that do the same to what is called so do it one after the other, each to the end of its transaction. */
export const lockByName = async (em: EntityManager, name: string): Promise<void> => {
  // SQLite has one writer.
  if (em.dataSource.options.type === 'postgres')
    await em.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`millrace/${name}`]);
};
