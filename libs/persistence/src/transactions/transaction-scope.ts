import { AsyncLocalStorage } from 'node:async_hooks';
import type { DataSource } from 'typeorm';

interface Scope {
  dataSource: DataSource;
  /** Work that outlives its transaction (a timer, an unawaited promise) is not in it any more. */
  open: boolean;
}

const scopes = new AsyncLocalStorage<Scope | undefined>();

/** Marks what `work` calls as being inside of a transaction. */
export const inTransactionScope = async <T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> => {
  const scope: Scope = { dataSource, open: true };
  try {
    return await scopes.run(scope, work);
  } finally {
    scope.open = false;
  }
};

/**
 * A transaction, or a write, that waits for the transaction it is called from would wait for ever on SQLite, and on
 * PostgreSQL would commit on its own. Both are a mistake in the calling code.
 */
export const assertNotNested = (dataSource: DataSource): void => {
  const scope = scopes.getStore();
  if (scope?.open && scope.dataSource === dataSource) {
    throw new Error('inside of a transaction, write through its EntityManager (the argument of run)');
  }
};

/** For what happens because of a transaction but is not part of it. */
export const outsideOfScope = <T>(work: () => T): T => scopes.run(undefined, work);
