import type { EntityManager } from 'typeorm';

/**
 * Find options that lock the rows found until the transaction ends, so that nobody changes them between reading and
 * writing: `em.findOne(Run, { where: { id }, ...forUpdate(em) })`. On SQLite a transaction has the database to itself.
 * @param o.skipLocked leave out rows that somebody else has locked
 */
export const forUpdate = (em: EntityManager, o: { skipLocked?: boolean } = {}) =>
  em.dataSource.options.type === 'postgres'
    ? {
        lock: {
          mode: 'pessimistic_write' as const,
          ...(o.skipLocked ? { onLocked: 'skip_locked' as const } : {}),
        },
      }
    : {};
