import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';

export const postgresOptions = (url: string, service: string) =>
  ({
    type: 'postgres',
    url,
    applicationName: `millrace-${service}`,
    poolSize: 10,
    connectTimeoutMS: 5_000,
    extra: {
      keepAlive: true,
      // A replica that hangs in the middle of a transaction must not hold its locks for ever.
      idle_in_transaction_session_timeout: 60_000,
    },
  }) satisfies PostgresDataSourceOptions;
