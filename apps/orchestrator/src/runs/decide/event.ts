import type { Completion, LogReport, PortValue } from '@millrace/contracts';
import type { Verdict } from './approval.js';
import type { ChildEnd } from './run-message.js';

/** `step` is a position in the plan; `at` is the orchestrator's wall clock in epoch milliseconds. */
export type RunEvent = { at: number } & (
  | { type: 'run.started' }
  /** It is kept, and begins when there is room for it. */
  | { type: 'run.held' }
  | { type: 'cache.answered'; step: number; reason: string; hit?: CachedResult; keptAt?: number }
  /** Of a step that was held: another task of its component may go out. */
  | { type: 'room.granted'; step: number }
  /** The first sign of life under a token. */
  | { type: 'task.started'; step: number; token: number; worker: string; probe?: string }
  | {
      type: 'task.completed';
      step: number;
      token: number;
      worker: string;
      /** As the worker measured it, in milliseconds: its clock may be another. */
      durationMs: number;
      result: Completion['result'];
      log?: LogReport;
    }
  /** No sign of life for the length of a lease. `crash`: the worker's process is gone; so many of that are enough. */
  | { type: 'lease.lapsed'; step: number; token: number; crash?: { limit: number } }
  | { type: 'attempt.timed-out'; step: number; token: number }
  | { type: 'retry.due'; step: number; attempt: number }
  | ({ type: 'approval.decided'; step: number } & Verdict)
  /** There is a run for a step: a new one, or the one of an earlier attempt, which goes on. */
  | { type: 'child.prepared'; step: number; attempt: number; child: string; goesOn: boolean }
  /** The run of a step is at its end, or, without `child`, there can be none. */
  | ({ type: 'child.finished'; step: number; attempt: number; child?: string } & ChildEnd)
  /** `all` says the run that began this one: whether what runs in any case is cancelled, too. */
  | { type: 'cancel.asked'; all?: boolean }
  | { type: 'pause.asked' }
  | { type: 'unpause.asked' }
  /** Of a run that is over: what did not succeed is opened again. `attempt` says the run that began it. */
  | { type: 'resume.asked'; attempt?: number }
  /** Of a step that did not succeed, whatever the rest of the run does. */
  | { type: 'step.retry-asked'; step: number }
);

export interface CachedResult {
  outputs: { [port: string]: PortValue };
  metrics: { [name: string]: number };
}
