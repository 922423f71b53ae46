import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DomainError } from '@millrace/contracts';
import { fromDuckDb } from './duckdb-error.js';
import { createOptions, lockDown } from './lock-down.js';
import type { EngineSettings, RawResult, Session, SessionOptions } from './session.js';
import { watch } from './watch.js';

const runOn = async (connection: DuckDBConnection, sql: string): Promise<RawResult> => {
  const result = await connection.run(sql);
  return {
    names: Array.from({ length: result.columnCount }, (_, i) => result.columnName(i)),
    types: result.columnTypes().map(String),
    rows: await result.getRowsJson(),
  };
};

/**
 * A session in this process, for statements of ours over Parquet that we wrote. DuckDB works on its own threads, so the
 * event loop stays free.
 */
export const withInlineSession = async <T>(
  settings: EngineSettings,
  options: SessionOptions,
  work: (session: Session, connection: DuckDBConnection) => Promise<T>,
): Promise<T> => {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const spill = await mkdtemp(join(settings.tempDirectory, 'millrace-duckdb-'));
  const instance = await DuckDBInstance.create(':memory:', createOptions(settings, spill, !!options.writes));
  const connection = await instance.connect();
  let stopped: DomainError | undefined;
  const unwatch = watch(settings, options, (reason) => {
    stopped = reason;
    connection.interrupt();
  });
  try {
    for (const statement of lockDown(options)) await connection.run(statement);
    const result = await work({ run: (sql) => runOn(connection, sql) }, connection);
    if (stopped) throw stopped;
    return result;
  } catch (thrown) {
    throw stopped ?? fromDuckDb(thrown);
  } finally {
    unwatch();
    connection.closeSync();
    instance.closeSync();
    await rm(spill, { recursive: true, force: true });
  }
};
