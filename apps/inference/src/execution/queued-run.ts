import type { ParameterValue } from '../protocol/call-parameters.js';
import type { RequestHeaders } from '../protocol/codec.js';
import type { InferCall } from '../protocol/infer-call.js';

/** What one run of a model took. */
export interface Execution {
  rows: number;
  /** Requests in it: of this observer. */
  requests: number;
  /** Milliseconds to put its rows together, to compute, and to take the answers apart. */
  inputMs: number;
  inferMs: number;
  outputMs: number;
}

/** Is told what happens to a request. */
export interface RunObserver {
  /** It was taken from the queue after so many milliseconds. */
  queued(ms: number): void;
  /** Requests of this observer ran, together, and were answered. */
  executed(execution: Execution): void;
}

/** A request on its way to an answer. */
export interface QueuedRun extends Pick<InferCall, 'feeds' | 'rows'> {
  /** Of `performance.now()`, in milliseconds. */
  expiresAt?: number | undefined;
  /** As in `CallParameters`: 1 is the most urgent; 0, the default, says nothing. */
  priority?: number;
  observer?: RunObserver;
  /** As sent; conditions of graphs read them. */
  parameters?: Readonly<Record<string, ParameterValue>>;
  headers?: RequestHeaders;
  /** Graphs that this request came through. */
  hops?: number;
  /** Nobody needs the answer any more once this says so: another part of the same request has failed. */
  abandoned?: { yes: boolean };
}
