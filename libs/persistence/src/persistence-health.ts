import type { DataSource } from 'typeorm';
import type { Transactions } from './transactions/transactions.js';

/**
 * Can we read, and, if the last write failed for want of space or connection, can we write again? (Writing only to see
 * whether it works would wear a healthy disk.)
 */
export const checkDatabase = async (dataSource: DataSource, transactions: Transactions): Promise<void> => {
  const reader = dataSource.createQueryRunner('slave');
  try {
    await reader.query('SELECT 1');
  } finally {
    await reader.release();
  }
  if (transactions.writable) return;
  await transactions.run((em) => em.query('UPDATE millrace_owner SET service = service'));
};
