import type { DomainError } from '@millrace/contracts';
import type { Feeds } from '../protocol/tensor.js';

/**
 * Where one model's graph is executed: on this thread, on a worker thread or in a process of its own. It takes one run
 * at a time; the queue in front of it (ModelQueue) batches what arrives meanwhile.
 */
export interface Runner {
  /** Rows that are run together. */
  readonly maxRows: number;
  /** Why it takes nothing for now. */
  readonly outage?: DomainError | undefined;
  /** @param owned nobody else has these arrays */
  run(feeds: Feeds, owned: boolean): Promise<Feeds>;
  close(): Promise<void>;
}
