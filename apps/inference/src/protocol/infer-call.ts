import type { Feeds } from './tensor.js';

/** A prediction that was asked for, ready to run. */
export interface InferCall {
  id: string | undefined;
  feeds: Feeds;
  rows: number;
  /** Names of the outputs to answer with, in the order of the request; undefined = all. */
  outputs: readonly string[] | undefined;
}
