import type { Feeds } from '../protocol/tensor.js';

/**
 * Where one model's graph is executed: on this thread, on a worker thread or in a process of its own. It takes one run
 * at a time; the queue in front of it (ModelQueue) batches what arrives meanwhile.
 */
export interface Runner {
  run(feeds: Feeds): Promise<Feeds>;
  close(): Promise<void>;
}
