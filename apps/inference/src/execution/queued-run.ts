import type { InferCall } from '../protocol/infer-call.js';

/** A request on its way to an answer. */
export interface QueuedRun extends Pick<InferCall, 'feeds' | 'rows'> {
  /** Of `performance.now()`, in milliseconds. */
  expiresAt?: number | undefined;
  /** As in `CallParameters`: 1 is the most urgent; 0, the default, says nothing. */
  priority?: number;
}
