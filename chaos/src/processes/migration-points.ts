import { DataSource } from 'typeorm';

type Runner = ReturnType<DataSource['createQueryRunner']>;

const { createQueryRunner, runMigrations } = DataSource.prototype;

/** Tells of every statement of migrations once it is done, and of the commits among them. */
export const watchMigrations = (reached: (point: 'migrating' | 'migration committed') => void): void => {
  DataSource.prototype.runMigrations = async function (...args) {
    this.createQueryRunner = (mode) => watched(createQueryRunner.call(this, mode), reached);
    try {
      return await runMigrations.apply(this, args);
    } finally {
      this.createQueryRunner = createQueryRunner;
    }
  };
};

const watched = (runner: Runner, reached: (point: 'migrating' | 'migration committed') => void): Runner => {
  const query = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
  runner.query = (async (...statement: unknown[]) => {
    const result = await query(...statement);
    reached('migrating');
    if (statement[0] === 'COMMIT') reached('migration committed');
    return result;
  }) as Runner['query'];
  return runner;
};
