import { DomainError } from '@millrace/contracts';
import { Transactions } from '@millrace/persistence';
import type { RunningService } from '@millrace/service';
import { RunDriver } from '../runs/drive/run-driver.js';

/**
 * Lets an orchestrator commit so many more transactions. After that nothing that it does reaches the database, as if it
 * had been killed there and then.
 * @returns whether it came to that, as soon as it does
 */
export const diesAfter = (orchestrator: RunningService, commits: number): Promise<true> => {
  const transactions = orchestrator.app.get(Transactions, { strict: false });
  const run = transactions.run.bind(transactions);
  let left = commits;
  return new Promise((resolve) => {
    transactions.run = async (work) => {
      if (left-- > 0) return run(work);
      resolve(true);
      throw new DomainError('unavailable', 'this orchestrator is dead');
    };
  });
};

/**
 * An orchestrator that does nothing at once that follows from a commit, as if it were killed after every single one: what
 * has to be done is found by the rounds of the reconciler.
 */
export const forgetful = (orchestrator: RunningService): void => {
  const driver = orchestrator.app.get(RunDriver, { strict: false });
  driver.isThere = () => undefined;
  driver.hasNews = () => undefined;
  driver.roomFor = () => undefined;
};
