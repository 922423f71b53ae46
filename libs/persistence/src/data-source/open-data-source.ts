import { join } from 'node:path';
import type { Logger } from '@millrace/observability';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { claimDatabase } from '../migrations/claim-database.js';
import { Messages1700000000000 } from '../migrations/messages-1700000000000.js';
import { runMigrations } from '../migrations/run-migrations.js';
import { separateConnections } from '../sqlite/separate-connections.js';
import { loadSqlite, type SqliteConnection } from '../sqlite/sqlite-connection.js';
import { assertDurable, sqliteOptions } from '../sqlite/sqlite-options.js';
import { connectPatiently } from './connect-patiently.js';
import { postgresOptions } from './postgres-options.js';
import { TypeormLogger } from './typeorm-logger.js';

export type ClassList = (new () => object)[];

export interface DatabaseOptions {
  /** Names the SQLite file, and who owns the database. */
  service: string;
  /** `postgres://…`; without it SQLite in `<dataDir>/<service>.sqlite`. */
  databaseUrl?: string | undefined;
  dataDir: string;
  entities: ClassList;
  migrations: ClassList;
}

/** Connects, brings the tables up to date and checks that the database keeps what it is given and is ours. */
export const openDataSource = async (o: DatabaseOptions, logger?: Logger): Promise<DataSource> => {
  const common = {
    entities: o.entities,
    migrations: [Messages1700000000000, ...o.migrations],
    logger: new TypeormLogger(logger),
    maxQueryExecutionTime: 1_000,
  };
  const dataSource = o.databaseUrl
    ? await openPostgres({ ...postgresOptions(o.databaseUrl, o.service), ...common }, logger)
    : await openSqlite(join(o.dataDir, `${o.service}.sqlite`), common);
  try {
    await runMigrations(dataSource);
    await claimDatabase(dataSource, o.service);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
};

type Common = Pick<DataSourceOptions, 'entities' | 'migrations' | 'logger' | 'maxQueryExecutionTime'>;

const openSqlite = async (path: string, common: Common): Promise<DataSource> => {
  const Database = loadSqlite();
  const dataSource = new DataSource({ ...sqliteOptions(path, Database), ...common });
  separateConnections(dataSource, Database, path);
  await dataSource.initialize();
  const { databaseConnection } = dataSource.driver as unknown as { databaseConnection: SqliteConnection };
  assertDurable(databaseConnection, path);
  return dataSource;
};

const openPostgres = async (
  options: ReturnType<typeof postgresOptions> & Common,
  logger: Logger | undefined,
): Promise<DataSource> => {
  const dataSource = new DataSource(options);
  await connectPatiently(() => dataSource.initialize(), logger);
  return dataSource;
};
