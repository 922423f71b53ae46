import { createRequire } from 'node:module';

/** What we use of a better-sqlite3 statement. */
export interface SqliteStatement {
  readonly reader: boolean;
  all(...parameters: unknown[]): unknown[];
  run(...parameters: unknown[]): { changes: number; lastInsertRowid: number | bigint };
}

/** What we use of a better-sqlite3 connection. */
export interface SqliteConnection {
  readonly inTransaction: boolean;
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
  pragma(pragma: string, options?: { simple?: boolean }): unknown;
  close(): void;
}

export type SqliteDriver = new (path: string, options?: object) => SqliteConnection;

const maxStatements = 300;

/**
 * better-sqlite3 with prepared statements kept per connection. (TypeORM keeps them per query runner; ours live for one
 * transaction.) Loaded only by services that are on SQLite.
 */
export const loadSqlite = (): SqliteDriver => {
  const Database = createRequire(import.meta.url)('better-sqlite3') as SqliteDriver;
  return class CachingDatabase extends Database {
    private readonly statements = new Map<string, SqliteStatement>();

    override prepare(sql: string): SqliteStatement {
      const known = this.statements.get(sql);
      if (known) return known;
      const statement = super.prepare(sql);
      this.statements.set(sql, statement);
      const oldest = this.statements.size > maxStatements ? this.statements.keys().next().value : undefined;
      if (oldest !== undefined) this.statements.delete(oldest);
      return statement;
    }
  };
};
