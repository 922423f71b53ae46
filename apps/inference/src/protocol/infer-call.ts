import type { CallParameters } from './call-parameters.js';
import type { Explanation } from '../explain/explanation.js';
import type { Feeds } from './tensor.js';

/** An output as the caller wants it. */
export interface RequestedOutput {
  name: string;
  /** As bytes after the JSON, not in it. */
  binary: boolean;
  /** Not the values, but so many of the highest of each row, as texts `value:index[:class]`. 0: the values. */
  top: number;
}

/** A prediction that was asked for, ready to run. */
export interface InferCall {
  id: string | undefined;
  feeds: Feeds;
  rows: number;
  /** What to answer with, in this order. */
  outputs: readonly RequestedOutput[];
  parameters: CallParameters;
  /** Where it was asked for, once it is known. */
  explanation?: Explanation;
}
