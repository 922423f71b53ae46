import { startReady } from './start-ready.js';
import { hasResult, isEnd, isFinished, type RunState, type StepState } from './state.js';
import type { Turn } from './turn.js';

type Reopenable = 'failed' | 'cancelled' | 'skipped';
const isReopenable = (status: StepState['status']): status is Reopenable =>
  status === 'failed' || status === 'cancelled' || status === 'skipped';

/** As new, but for what must only grow: attempts and tokens. */
const reopen = (turn: Turn, step: number): void =>
  turn.changeStep(step, {
    status: 'waiting',
    attemptsBefore: turn.step(step).attempt,
    lapses: 0,
    worker: undefined,
    queuedAt: undefined,
    startedAt: undefined,
    finishedAt: undefined,
    outputs: undefined,
    metrics: undefined,
    error: undefined,
    cacheKey: undefined,
    giveUpAt: undefined,
  });

/** Why a run cannot be resumed; `undefined` where it can. */
export const whyNotResumed = ({ status }: RunState): string | undefined =>
  status === 'failed' || status === 'cancelled' ? undefined : `the run is ${status}`;

/** Why a step cannot be tried again by hand; `undefined` where it can. */
export const whyNotRetried = ({ steps, missing }: RunState, step: number): string | undefined => {
  const status = steps[step]?.status ?? 'waiting';
  if (!isReopenable(status)) return `the step is ${status}`;
  return missing[step] === 0 ? undefined : 'a step that it needs has no result';
};

const goOn = (turn: Turn, at: number): void => {
  turn.recount();
  if (isFinished(turn.state.status))
    turn.change({ status: 'running', error: undefined, finishedAt: undefined });
  startReady(turn, at);
};

/** A run that failed or was cancelled goes on where it stopped: what has a result keeps it. */
export const resumeRun = (turn: Turn, at: number): void => {
  if (whyNotResumed(turn.state) !== undefined) return;
  turn.note('info', 'resumed');
  turn.state.steps.forEach(({ status }, step) => isReopenable(status) && reopen(turn, step));
  goOn(turn, at);
};

/** One step again, and what was skipped because of it. */
export const retryStep = (turn: Turn, step: number, at: number): void => {
  if (whyNotRetried(turn.state, step) !== undefined) return;
  turn.note('info', 'tried again by hand', step);
  const again = new Set([step]);
  const mayCome = (need: number) => {
    const { status } = turn.step(need);
    return again.has(need) || hasResult(status) || !isEnd(status);
  };
  // In topological order, so that what a step needs is decided on before it.
  turn.state.plan.steps.forEach(({ needs, when }, dependent) => {
    if (turn.step(dependent).status !== 'skipped' || !needs.some((need) => again.has(need))) return;
    if (when || needs.every(mayCome)) again.add(dependent);
  });
  for (const one of again) reopen(turn, one);
  goOn(turn, at);
};
