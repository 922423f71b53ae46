import type { Logger } from '@millrace/observability';
import type { Logger as TypeormLoggerContract } from 'typeorm';

/** TypeORM's lines through the service's logger. A failed query is thrown to its caller, so it is only debug here. */
export class TypeormLogger implements TypeormLoggerContract {
  constructor(private readonly logger: Logger | undefined) {}

  logQuery(): void {}

  logQueryError(error: string | Error, query: string): void {
    this.logger?.debug({ err: error, query }, 'query failed');
  }

  logQuerySlow(ms: number, query: string): void {
    this.logger?.warn({ ms, query }, 'slow query');
  }

  logSchemaBuild(message: string): void {
    this.logger?.debug(message);
  }

  logMigration(message: string): void {
    this.logger?.info(message);
  }

  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    this.logger?.[level === 'warn' ? 'warn' : 'debug'](String(message));
  }
}
