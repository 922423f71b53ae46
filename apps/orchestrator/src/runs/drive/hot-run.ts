import type { RunState } from '../decide/state.js';

/** What of a run never changes. */
export interface RunRecord {
  readonly pipelineVersion: number;
  /** Component → the version of it that the run began with, of all that it, or a run that it begins, may use. */
  readonly components: { readonly [name: string]: string };
  /** Pipeline → the version of it that the run began with, of those that its steps run, and theirs. */
  readonly pipelines: { readonly [name: string]: number };
  readonly idempotencyKey?: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** A run in memory: its state as the database has it at this revision. 0 = not stored yet. */
export interface HotRun {
  readonly record: RunRecord;
  readonly state: RunState;
  readonly revision: number;
}
