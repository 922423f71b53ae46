import type { RunView, StepStatus, StepView } from '@millrace/contracts';
import { defaultPriority } from '../definition/plan.js';
import { shorten } from '../search/shorten.js';
import { groupsIn, instancesOf } from './decide/instances.js';
import type { RunState } from './decide/state.js';
import { maxSteps, pageOfSteps, type PlacedStep } from './page-of-steps.js';
import { columnsOf } from './store/step-columns.js';
import type { RunRow } from './store/run.entity.js';
import type { StepRow } from './store/step.entity.js';
import type { HotRun } from './drive/hot-run.js';

const iso = (at: number): string => new Date(at).toISOString();

type Row = Omit<StepRow, 'run' | 'position' | 'priority' | 'revision' | 'parent' | 'ordinal' | 'item'>;

/** How many instances are in which state. */
export type InstanceCounts = Partial<Record<StepStatus, number>>;

export const toStepView = (row: Row, instances?: InstanceCounts): StepView => {
  const { values: outputs, shortened } = shorten(row.outputs ?? {});
  return {
    step: row.name,
    component: row.component,
    status: row.status,
    attempt: row.attempt,
    outputs,
    metrics: row.metrics ?? {},
    ...(shortened.length === 0 ? {} : { shortened }),
    ...(instances ? { instances } : {}),
    ...(row.error === null ? {} : { error: row.error }),
    ...(row.worker === null ? {} : { worker: row.worker }),
    ...(row.child === null ? {} : { child: row.child }),
    ...(row.status === 'waiting' && row.heldAt !== null ? { heldSince: iso(row.heldAt) } : {}),
    ...(row.queuedAt === null ? {} : { queuedAt: iso(row.queuedAt) }),
    ...(row.startedAt === null ? {} : { startedAt: iso(row.startedAt) }),
    ...(row.finishedAt === null ? {} : { finishedAt: iso(row.finishedAt) }),
  };
};

/** @param steps by position, one more than are shown, where there are more */
export const toRunView = (row: RunRow, steps: readonly PlacedStep[]): RunView => ({
  run: row.id,
  pipeline: row.pipeline,
  pipelineVersion: row.pipelineVersion,
  status: row.status,
  ...(row.paused ? { paused: true } : {}),
  ...(row.parent === null || row.parentStep === null
    ? {}
    : { parent: { run: row.parent, step: row.parentStep } }),
  priority: row.priority,
  params: row.params,
  ...pageOfSteps(steps, maxSteps, [row.params, row.error]),
  ...(row.error === null ? {} : { error: row.error }),
  createdAt: iso(row.createdAt),
  ...(row.finishedAt === null ? {} : { finishedAt: iso(row.finishedAt) }),
});

const countsIn = ({ plan, steps }: RunState): Map<number, InstanceCounts> =>
  new Map(
    [...groupsIn(plan)].map((step) => {
      const counts: InstanceCounts = {};
      for (const one of instancesOf(plan, step)) {
        const { status = 'waiting' } = steps[one] ?? {};
        counts[status] = (counts[status] ?? 0) + 1;
      }
      return [step, counts];
    }),
  );

const stepsIn = (state: RunState): PlacedStep[] => {
  const counts = countsIn(state);
  return state.steps.slice(0, maxSteps + 1).map((step, position) => {
    const { name, component } = state.plan.steps[position] ?? { name: '', component: '' };
    return { position, view: toStepView({ name, component, ...columnsOf(step) }, counts.get(position)) };
  });
};

/** The same from memory. */
export const viewOf = ({ state, record }: HotRun): RunView => ({
  run: state.run,
  pipeline: state.plan.pipeline,
  pipelineVersion: record.pipelineVersion,
  status: state.status,
  ...(state.paused ? { paused: true } : {}),
  ...(state.parent ? { parent: { run: state.parent.run, step: state.parent.step } } : {}),
  priority: state.priority ?? defaultPriority,
  params: state.params,
  ...pageOfSteps(stepsIn(state), maxSteps, [state.params, state.error]),
  ...(state.error ? { error: state.error } : {}),
  createdAt: iso(record.createdAt),
  ...(state.finishedAt === undefined ? {} : { finishedAt: iso(state.finishedAt) }),
});
