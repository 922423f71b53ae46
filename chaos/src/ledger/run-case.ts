import type { Sketch } from '../workload/sketch.js';
import type { Asks } from './asks.js';
import type { Effect } from './ledger.js';
import type { RunRecord } from './rows.js';

/** All that is known of one run. */
export interface RunCase {
  record: RunRecord;
  sketch: Sketch;
  x: number;
  asks: Asks;
  /** Steps that failed because what they read had been spoiled; `sub/s1` where the run of `sub` has it. */
  refused: ReadonlySet<string>;
  /** Steps that failed because their run was cancelled by itself. */
  cutOff: ReadonlySet<string>;
  /** By run and step, in the order in which they were written. */
  byKey: ReadonlyMap<string, Effect[]>;
  /** By step, the run that does it. */
  below: ReadonlyMap<string, RunCase>;
}

/** `fit[2]` and `fit#2` are done for `fit`. */
export const baseOf = (step: string): string => step.replace(/[[#].*/, '');
