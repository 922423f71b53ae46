import { defaultPriority } from '../../definition/plan.js';
import { priorityOf } from '../decide/room.js';
import type { RunState } from '../decide/state.js';
import type { HotRun } from '../drive/hot-run.js';
import type { RunRow } from './run.entity.js';
import { columnsOf, instanceColumnsOf } from './step-columns.js';
import type { StepRow } from './step.entity.js';

/** What of a run's row changes with it. */
export const changingColumnsOf = (state: RunState, revision: number) =>
  ({
    status: state.status,
    paused: state.paused ?? false,
    parentAttempt: state.parent?.attempt ?? null,
    revision,
    error: state.error ?? null,
    finishedAt: state.finishedAt ?? null,
  }) satisfies Partial<RunRow>;

/** The row of a run that is new. */
export const newRowOf = ({ state, record }: HotRun): RunRow => {
  const { run: id, priority = defaultPriority, params, useCache, traceparent = null, plan, parent } = state;
  const { idempotencyKey = null, ...fixed } = record;
  return {
    id,
    pipeline: plan.pipeline,
    priority,
    params,
    useCache,
    traceparent,
    idempotencyKey,
    parent: parent?.run ?? null,
    parentStep: parent?.step ?? null,
    ...fixed,
    ...changingColumnsOf(state, 1),
  };
};

/** Rows of the steps at these positions, or of all. */
export const stepRowsOf = (
  state: RunState,
  revision: number,
  positions: Iterable<number> = state.steps.keys(),
): StepRow[] =>
  [...positions].flatMap((position) => {
    const [planned, step] = [state.plan.steps[position], state.steps[position]];
    if (!planned || !step) return [];
    const { name, component } = planned;
    const priority = priorityOf(state, planned);
    return [
      {
        ...{ run: state.run, position, name, component, priority, revision },
        ...instanceColumnsOf(planned),
        ...columnsOf(step),
      },
    ];
  });
