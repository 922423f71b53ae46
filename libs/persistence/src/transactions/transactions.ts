import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { databaseError } from './database-error.js';
import { assertNotNested, inTransactionScope } from './transaction-scope.js';

type Listener = () => void;

/**
 * Runs work in one transaction: all of it commits, or none of it. On SQLite transactions wait for one another, in the
 * order of asking; on PostgreSQL they run side by side (READ COMMITTED: lock with `forUpdate` what you read and then
 * write). So don't wait for anything but the database inside.
 */
@Injectable()
export class Transactions {
  private readonly afterCommit = new WeakMap<EntityManager, Set<Listener>>();
  private readonly running = new Set<{ since: number }>();
  /** The last write failed for want of space or of a writable disk. */
  writable = true;

  constructor(private readonly dataSource: DataSource) {}

  /**
   * @throws what `work` throws, after rolling back; of the database's own errors `storage_full`, `unavailable` and
   * `conflict` as DomainErrors.
   */
  async run<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    assertNotNested(this.dataSource);
    let listeners: Set<Listener> | undefined;
    const started = { since: performance.now() };
    this.running.add(started);
    try {
      const result = await this.dataSource.transaction((em) =>
        inTransactionScope(this.dataSource, async () => {
          const value = await work(em);
          listeners = this.afterCommit.get(em);
          return value;
        }),
      );
      this.writable = true;
      listeners?.forEach((listener) => listener());
      return result;
    } catch (error) {
      const told = databaseError(error);
      if (told !== error && (told as { code: string }).code !== 'conflict') this.writable = false;
      throw told;
    } finally {
      this.running.delete(started);
    }
  }

  /** How long the oldest transaction has been running or waiting for its turn, in milliseconds; 0 if there is none. */
  oldestMs(now = performance.now()): number {
    const [oldest] = this.running;
    return oldest ? now - oldest.since : 0;
  }

  /** Calls `listener`, once per transaction, when the transaction of `em` has committed. */
  onCommit(em: EntityManager, listener: Listener): void {
    const listeners = this.afterCommit.get(em) ?? new Set();
    this.afterCommit.set(em, listeners.add(listener));
  }
}
