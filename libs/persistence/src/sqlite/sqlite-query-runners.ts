import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js';
import { assertNotNested } from '../transactions/transaction-scope.js';
import type { FifoLock } from './fifo-lock.js';
import { patiently } from './patiently.js';
import type { SqliteConnection } from './sqlite-connection.js';

type Query = BetterSqlite3QueryRunner['query'];
type QueryArguments = Parameters<Query>;

/**
 * Writes. Each has the one writing connection to itself from BEGIN to COMMIT or ROLLBACK, or for one statement outside
 * of a transaction: so nobody's statement ever lands in somebody else's transaction. TypeORM's own runner is shared by
 * all, and with it concurrent transactions end up in one another.
 */
export class SqliteWriter extends BetterSqlite3QueryRunner {
  private giveBack: (() => void) | undefined;

  constructor(
    driver: BetterSqlite3Driver,
    private readonly turn: FifoLock,
  ) {
    super(driver);
  }

  override async startTransaction(): Promise<void> {
    const outermost = this.giveBack === undefined;
    this.giveBack ??= await this.myTurn();
    try {
      await super.startTransaction();
    } catch (error) {
      if (outermost) this.end();
      throw error;
    }
  }

  override async commitTransaction(): Promise<void> {
    await super.commitTransaction();
    if (this.transactionDepth === 0) this.end();
  }

  override async rollbackTransaction(): Promise<void> {
    const outermost = this.transactionDepth <= 1;
    try {
      await super.rollbackTransaction();
    } finally {
      if (outermost) this.end();
    }
  }

  override release(): Promise<void> {
    this.end();
    return super.release();
  }

  override async query(...[sql, parameters, structured]: QueryArguments): ReturnType<Query> {
    if (sql === 'BEGIN TRANSACTION') return patiently(() => super.query(beginning));
    if (this.giveBack) return super.query(sql, parameters, structured);
    const giveBack = await this.myTurn();
    try {
      return await patiently(() => super.query(sql, parameters, structured));
    } finally {
      giveBack();
    }
  }

  private myTurn(): Promise<() => void> {
    assertNotNested(this.dataSource);
    return this.turn.acquire();
  }

  private end(): void {
    if (!this.giveBack) return;
    // A full disk ends a transaction from inside, and then ROLLBACK fails; or COMMIT fails and leaves it open.
    const connection = this.driver.databaseConnection as SqliteConnection;
    if (connection.inTransaction) connection.exec('ROLLBACK');
    this.giveBack();
    this.giveBack = undefined;
  }
}

/** A transaction that begins by reading and then wants to write could be refused half-way; this one waits at its start. */
const beginning = 'BEGIN IMMEDIATE';

/** Reads, on a connection of their own: what was committed, and nothing of a transaction that is under way. */
export class SqliteReader extends BetterSqlite3QueryRunner {
  constructor(
    driver: BetterSqlite3Driver,
    private readonly reading: SqliteConnection,
  ) {
    super(driver);
  }

  override connect(): Promise<SqliteConnection> {
    return Promise.resolve(this.reading);
  }

  override startTransaction(): Promise<void> {
    return Promise.reject(new Error('transactions run on the writing connection'));
  }
}
