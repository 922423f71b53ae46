import type { BetterSqlite3DataSourceOptions } from 'typeorm/driver/better-sqlite3/BetterSqlite3DataSourceOptions.js';
import type { SqliteConnection, SqliteDriver } from './sqlite-connection.js';

export const sqliteOptions = (path: string, driver: SqliteDriver) =>
  ({
    type: 'better-sqlite3',
    database: path,
    driver,
    statementCacheSize: 0, // `driver` keeps them
    timeout: 5_000,
    prepareDatabase: (connection: SqliteConnection) => {
      connection.pragma('journal_mode = WAL');
      connection.pragma('synchronous = FULL');
      connection.pragma('journal_size_limit = 67108864');
      connection.pragma('busy_timeout = 0'); // from here on, see patiently.ts
    },
  }) satisfies BetterSqlite3DataSourceOptions;

/** What was committed has to be there after a power loss: without this we don't start. */
export const assertDurable = (connection: SqliteConnection, path: string): void => {
  const journal = connection.pragma('journal_mode', { simple: true });
  const synchronous = connection.pragma('synchronous', { simple: true });
  const foreignKeys = connection.pragma('foreign_keys', { simple: true });
  if (journal !== 'wal' || synchronous !== 2 || foreignKeys !== 1) {
    throw new Error(
      `${path}: SQLite is not durable here (journal_mode=${String(journal)}, synchronous=${String(synchronous)}, ` +
        `foreign_keys=${String(foreignKeys)}; needed: wal, 2, 1). A network file system cannot hold it.`,
    );
  }
};
