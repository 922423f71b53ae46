import type { InferCall } from '../protocol/infer-call.js';

/** A request on its way to an answer. */
export interface QueuedRun extends Pick<InferCall, 'feeds' | 'rows'> {
  /** Of `performance.now()`, in milliseconds. */
  expiresAt?: number | undefined;
}
