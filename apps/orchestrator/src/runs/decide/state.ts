import type { ErrorBody, JsonValue, PortValue, RunStatus, StepStatus } from '@millrace/contracts';
import type { Plan } from '../../definition/plan.js';
import { groupsIn } from './instances.js';
import { isEnd } from './step-status.js';
import { talliesOf, type Tallies } from './tally.js';

/** One step's state. Times are epoch milliseconds. Never changed in place: another object means another state. */
export interface StepState {
  readonly status: StepStatus;
  /** Which attempt it is at; 0 = never issued. Only ever grows, also when the step is opened again. */
  readonly attempt: number;
  /** How many attempts there were before it was opened again: the retry policy counts from there. */
  readonly attemptsBefore?: number;
  /** Of the task that may complete it; grows with every issue. 0 = never issued. */
  readonly token: number;
  /** How often this attempt's worker fell silent, so that it was issued again. */
  readonly lapses: number;
  /** How many of them because the worker vanished with it; where there are none, it is not there. */
  readonly crashes?: number;
  /** Of the issue under the current token: after this moment it is over, whether begun or not. */
  readonly deadline?: number;
  /** The end of all its attempts. */
  readonly giveUpAt?: number;
  /** When the next attempt is due, while the step waits for that. */
  readonly dueAt?: number;
  /** Since when it waits for room of its component; `dueAt` is then the end of the time for all its attempts. */
  readonly heldAt?: number;
  readonly worker?: string;
  /** Under which the worker's process answers, where it does. */
  readonly probe?: string;
  readonly queuedAt?: number;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly outputs?: { readonly [port: string]: PortValue };
  readonly metrics?: { readonly [name: string]: number };
  /** Why the step, or its latest attempt, failed. */
  readonly error?: ErrorBody;
  /** Under which its result is, or was, looked for in the cache. */
  readonly cacheKey?: string;
  /** Of a step that runs another pipeline: the run that does it, or did it last. */
  readonly child?: string;
  /** That run was told to end, with or without what it does in any case, and has not yet. */
  readonly stopping?: 'cancel' | 'cancel-all' | 'time-out';
}

/** For which step of which run a run was begun; its end is told for this attempt. */
export interface Parent {
  readonly run: string;
  readonly step: string;
  readonly attempt: number;
}

/** All of a run that the rules read. */
export interface RunState {
  readonly run: string;
  readonly plan: Plan;
  readonly params: { readonly [name: string]: JsonValue };
  readonly useCache: boolean;
  /** Of the steps that say nothing of their own: 0…9, 9 first. Without: `defaultPriority`. */
  readonly priority?: number;
  readonly traceparent?: string;
  readonly parent?: Parent;
  readonly status: RunStatus;
  /** Nothing new begins while it is set; what is out goes on to its end. */
  readonly paused?: boolean;
  readonly error?: ErrorBody;
  readonly finishedAt?: number;
  /** By position in the plan. */
  readonly steps: readonly StepState[];
  /** By position: how many needs are not at their end. Follows from `steps`. */
  readonly missing: readonly number[];
  /** How many steps are not at their end. Follows from `steps`. */
  readonly open: number;
  /** Of steps that are done as several. Follows from `steps`. */
  readonly groups: Tallies;
}

export { hasResult, isActive, isEnd, isFinished, isIdle, isOut, isQueued } from './step-status.js';

type Stored = Omit<RunState, 'missing' | 'open' | 'groups'>;

/** A state from what is kept of it. */
export const restore = (stored: Stored): RunState => ({
  ...stored,
  missing: stored.plan.steps.map(
    ({ needs }) => needs.filter((need) => !isEnd(stored.steps[need]?.status ?? 'waiting')).length,
  ),
  open: stored.steps.filter(({ status }) => !isEnd(status)).length,
  groups: talliesOf(stored.plan, stored.steps, groupsIn(stored.plan)),
});

/** A step before its first event. */
export const newStep: StepState = { status: 'waiting', attempt: 0, token: 0, lapses: 0 };

/** A run before its first event. */
export const newRun = (
  run: Pick<RunState, 'run' | 'plan' | 'params' | 'useCache' | 'priority' | 'traceparent' | 'parent'>,
): RunState =>
  restore({
    ...run,
    status: 'pending',
    steps: run.plan.steps.map(() => newStep),
  });
