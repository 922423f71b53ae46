import type { DataSource, ReplicationMode } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import { FifoLock } from './fifo-lock.js';
import type { SqliteConnection, SqliteDriver } from './sqlite-connection.js';
import { SqliteReader, SqliteWriter } from './sqlite-query-runners.js';

/**
 * Gives a SQLite data source two connections: one that writes, one holder at a time, and one that reads. TypeORM tells
 * them apart as it would a primary and its replica ("master", "slave").
 */
export const separateConnections = (dataSource: DataSource, Database: SqliteDriver, path: string): void => {
  const driver = dataSource.driver as BetterSqlite3Driver;
  const turn = new FifoLock();
  let reading: SqliteConnection | undefined;
  let reader: SqliteReader | undefined;

  const openReader = (): SqliteReader => {
    reading = new Database(path, { fileMustExist: true, timeout: 5_000 });
    reading.pragma('query_only = ON');
    return new SqliteReader(driver, reading);
  };
  driver.createQueryRunner = (mode: ReplicationMode) =>
    mode === 'slave' ? (reader ??= openReader()) : new SqliteWriter(driver, turn);

  const disconnect = driver.disconnect.bind(driver);
  driver.disconnect = async () => {
    reading?.close();
    reading = reader = undefined;
    await disconnect();
  };
};
