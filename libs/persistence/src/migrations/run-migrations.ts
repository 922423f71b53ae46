import type { DataSource } from 'typeorm';

/** Any number, as long as every replica asks for the same. */
const advisoryLock = 0x6d696c6c;

/**
 * Brings the tables up to date, each migration in a transaction of its own. Replicas may start at the same time: one
 * migrates, the others find it done.
 */
export const runMigrations = async (dataSource: DataSource): Promise<void> => {
  if (dataSource.options.type === 'postgres') return runLocked(dataSource);
  try {
    await dataSource.runMigrations({ transaction: 'each' });
  } catch (error) {
    // Another process may have been faster, between our reading what is pending and our turn to write.
    if (await dataSource.showMigrations()) throw error;
  }
};

const runLocked = async (dataSource: DataSource): Promise<void> => {
  const queryRunner = dataSource.createQueryRunner();
  try {
    await queryRunner.query('SELECT pg_advisory_lock($1)', [advisoryLock]);
    await dataSource.runMigrations({ transaction: 'each' });
  } finally {
    await queryRunner.query('SELECT pg_advisory_unlock($1)', [advisoryLock]).catch(() => undefined);
    await queryRunner.release();
  }
};
