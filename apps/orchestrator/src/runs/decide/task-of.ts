import { headerNames, type Task } from '@millrace/contracts';
import { bindStep } from './bind-step.js';
import type { RunState } from './state.js';

/** The task of a step under its current token. It follows from the state, so it can be said again word for word. */
export const taskOf = (state: RunState, step: number): Task => {
  const planned = state.plan.steps[step];
  const own = state.steps[step];
  if (!planned || own?.deadline === undefined)
    throw new RangeError(`step ${step} of ${state.run} has no task`);
  return {
    run: state.run,
    step: planned.name,
    component: planned.component,
    attempt: own.attempt,
    token: own.token,
    idempotencyKey: `${state.run}/${planned.name}`,
    ...bindStep(state, step),
    deadline: own.deadline,
    // Less where all attempts together have less left. What a worker goes by: its clock may be another.
    timeoutMs: Math.min(planned.timeoutMs, own.deadline - (own.queuedAt ?? -Infinity)),
    ...(state.traceparent === undefined ? {} : { traceparent: state.traceparent }),
  };
};

/** What workers learn beside the task, in headers: a field that they don't know they would refuse. */
export const taskHeadersOf = (state: RunState, step: number): Record<string, string> => {
  const { lapses = 0, crashes = 0 } = state.steps[step] ?? {};
  return {
    ...(lapses === 0 ? {} : { [headerNames.lapses]: String(lapses) }),
    ...(crashes === 0 ? {} : { [headerNames.crashes]: String(crashes) }),
  };
};

/** JetStream's deduplication id: unique per issue. */
export const messageIdOf = ({ run, step, token }: Task): string => `${run}/${step}/${token}`;
