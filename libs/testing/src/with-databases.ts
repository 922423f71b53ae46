import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { startPostgres, type TestPostgres } from './postgres-server.js';

/** The database that a suite runs on. */
export interface TestDatabase {
  readonly kind: 'sqlite' | 'postgres';
  /** A new, empty database: its `DATABASE_URL`, or `undefined` for SQLite (a new `DATA_DIR` is enough there). */
  fresh(): Promise<string | undefined>;
}

const sharedServer = process.env['MILLRACE_TEST_POSTGRES_URL'];

/**
 * Runs a suite once on SQLite and once on PostgreSQL: the server of `MILLRACE_TEST_POSTGRES_URL` (`npm test` starts one for
 * all), or else one of the suite's own. Where PostgreSQL is not installed its half is skipped, and says so.
 */
export const withDatabases = (suite: (database: TestDatabase) => void): void => {
  describe('on SQLite', () => suite({ kind: 'sqlite', fresh: () => Promise.resolve(undefined) }));

  if (process.env['MILLRACE_TEST_POSTGRES'] === 'skip') {
    console.warn('PostgreSQL is not installed: its half of this suite is skipped');
    describe.skip('on PostgreSQL (not installed)', () =>
      suite({ kind: 'postgres', fresh: () => Promise.resolve(undefined) }));
    return;
  }

  describe('on PostgreSQL', () => {
    let own: TestPostgres | undefined;
    let url = sharedServer;
    const created: string[] = [];

    beforeAll(async () => {
      if (url !== undefined) return;
      own = await startPostgres();
      url = own?.url;
      if (url === undefined)
        throw new Error('PostgreSQL is not installed: set MILLRACE_TEST_POSTGRES=skip to do without');
    });
    afterAll(async () => {
      if (own) return own.stop();
      if (url !== undefined)
        for (const name of created) await execute(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    });

    suite({
      kind: 'postgres',
      fresh: async () => {
        const name = `test_${randomBytes(8).toString('hex')}`;
        await execute(String(url), `CREATE DATABASE ${name}`);
        created.push(name);
        const fresh = new URL(String(url));
        fresh.pathname = `/${name}`;
        return fresh.href;
      },
    });
  });
};

const execute = async (url: string, statement: string): Promise<void> => {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};
