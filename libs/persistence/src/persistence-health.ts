import type { DataSource } from 'typeorm';
import type { Transactions } from './transactions/transactions.js';

/** Transactions wait for nothing but the database. On SQLite one that hangs holds up all others. */
const stuckMs = 30_000;

/**
 * Can we read, and, if the last write failed for want of space or connection, can we write again? (Writing only to see
 * whether it works would wear a healthy disk.)
 */
export const checkDatabase = async (
  dataSource: DataSource,
  transactions: Transactions,
  now = performance.now(),
): Promise<void> => {
  const oldest = transactions.oldestMs(now);
  if (oldest > stuckMs) throw new Error(`a transaction has not ended for ${Math.round(oldest / 1000)} s`);
  const reader = dataSource.createQueryRunner('slave');
  try {
    await reader.query('SELECT 1');
  } finally {
    await reader.release();
  }
  if (transactions.writable) return;
  await transactions.run((em) => em.query('UPDATE millrace_owner SET service = service'));
};
