import type { Phase } from '../../definition/plan.js';
import { beginPhase } from './begin-phase.js';
import { instanceIn, instancesOf } from './instances.js';
import { isLaterThan, phaseOf } from './phases.js';
import { isUnbegun, skipStep } from './skip-step.js';
import { startReady } from './start-ready.js';
import { hasResult, isEnd, isFinished, type RunState, type StepState } from './state.js';
import type { Turn } from './turn.js';
import { unmetNeed } from './unmet-need.js';

type Reopenable = 'failed' | 'cancelled' | 'skipped';
const isReopenable = (status: StepState['status']): status is Reopenable =>
  status === 'failed' || status === 'cancelled' || status === 'skipped';

/**
 * As new, but for what must only grow: attempts and tokens.
 * @param goesOn whether the run that does it, where there is one, goes on; else there will be a new one
 */
const reopen = (turn: Turn, step: number, goesOn = false): void =>
  turn.changeStep(step, {
    status: instancesOf(turn.state.plan, step).length > 0 ? 'running' : 'waiting',
    attemptsBefore: turn.step(step).attempt,
    lapses: 0,
    crashes: undefined,
    worker: undefined,
    probe: undefined,
    queuedAt: undefined,
    startedAt: undefined,
    dueAt: undefined,
    finishedAt: undefined,
    outputs: undefined,
    metrics: undefined,
    error: undefined,
    cacheKey: undefined,
    giveUpAt: undefined,
    child: goesOn ? turn.step(step).child : undefined,
    stopping: undefined,
  });

/** Why a run cannot be resumed; `undefined` where it can. */
export const whyNotResumed = ({ status }: RunState): string | undefined =>
  status === 'failed' || status === 'cancelled' ? undefined : `the run is ${status}`;

const hasFailed = ({ plan, steps }: RunState): boolean =>
  steps.some(({ status }, i) => status === 'failed' && !isLaterThan(plan.steps[i]?.phase, 'main'));

/** Why a step cannot be tried again by hand; `undefined` where it can. */
export const whyNotRetried = (state: RunState, step: number): string | undefined => {
  const { steps, plan, status: run } = state;
  const status = steps[step]?.status ?? 'waiting';
  if (!isReopenable(status)) return `the step is ${status}`;
  if (!isFinished(run) && isLaterThan(phaseOf(state), plan.steps[step]?.phase))
    return `the run is at its '${phaseOf(state)}' steps`;
  if (plan.steps[step]?.phase === 'onFailure' && !hasFailed(state))
    return 'it runs on failure, and no step failed';
  return unmetNeed(state, step) === undefined ? undefined : 'a step that it needs has no result';
};

/** What runs at the end runs again at the new end. */
const reopenLater = (turn: Turn, phase: Phase | undefined): void =>
  turn.state.steps.forEach(({ status }, step) => {
    if (isEnd(status) && isLaterThan(turn.planned(step).phase, phase)) reopen(turn, step);
  });

const goOn = (turn: Turn, at: number): void => {
  turn.recount();
  if (isFinished(turn.state.status))
    turn.change({ status: 'running', error: undefined, finishedAt: undefined });
  skipHopeless(turn, at);
  if (phaseOf(turn.state) === 'main') startReady(turn, at);
  else beginPhase(turn, at);
};

/** Of what runs at the end, and was opened with the rest: a step that it needs stays without a result. */
const skipHopeless = (turn: Turn, at: number): void =>
  turn.state.steps.forEach((_, step) => {
    const { needs, when } = turn.planned(step);
    if (!isUnbegun(turn, step) || when) return;
    const isLost = (need: number) => isEnd(turn.step(need).status) && !hasResult(turn.step(need).status);
    if (needs.some(isLost)) skipStep(turn, step, at);
  });

/** A run that failed or was cancelled goes on where it stopped: what has a result keeps it. */
export const resumeRun = (turn: Turn, at: number): void => {
  if (whyNotResumed(turn.state) !== undefined) return;
  turn.note('info', 'resumed');
  turn.state.steps.forEach(({ status }, step) => {
    if (isReopenable(status)) reopen(turn, step, (turn.planned(step).phase ?? 'main') === 'main');
  });
  reopenLater(turn, 'main');
  goOn(turn, at);
};

/** One step again, with the instances of it that did not succeed, and what was skipped because of it. */
export const retryStep = (turn: Turn, step: number, at: number): void => {
  if (whyNotRetried(turn.state, step) !== undefined) return;
  turn.note('info', 'tried again by hand', step);
  const { plan } = turn.state;
  const whole = instanceIn(turn.planned(step))?.of ?? step;
  const again = new Set([whole, step]);
  const add = (one: number): void => {
    again.add(one);
    for (const instance of instancesOf(plan, one))
      if (isReopenable(turn.step(instance).status)) again.add(instance);
  };
  if (whole === step) add(step);
  const mayCome = (need: number) => {
    const { status } = turn.step(need);
    return again.has(need) || hasResult(status) || !isEnd(status);
  };
  // In topological order, so that what a step needs is decided on before it.
  plan.steps.forEach(({ needs, when }, dependent) => {
    if (turn.step(dependent).status !== 'skipped' || !needs.some((need) => again.has(need))) return;
    if (when || needs.every(mayCome)) add(dependent);
  });
  for (const one of again) if (isEnd(turn.step(one).status)) reopen(turn, one);
  reopenLater(turn, turn.planned(step).phase);
  goOn(turn, at);
};
