import type { RunView, StepView } from '@millrace/contracts';
import { defaultPriority } from '../definition/plan.js';
import { columnsOf } from './store/step-columns.js';
import type { RunRow } from './store/run.entity.js';
import type { StepRow } from './store/step.entity.js';
import type { HotRun } from './drive/hot-run.js';

const iso = (at: number): string => new Date(at).toISOString();

type Row = Omit<StepRow, 'run' | 'position' | 'priority' | 'revision' | 'parent' | 'ordinal' | 'item'>;

export const toStepView = (row: Row): StepView => ({
  step: row.name,
  component: row.component,
  status: row.status,
  attempt: row.attempt,
  outputs: row.outputs ?? {},
  metrics: row.metrics ?? {},
  ...(row.error === null ? {} : { error: row.error }),
  ...(row.worker === null ? {} : { worker: row.worker }),
  ...(row.child === null ? {} : { child: row.child }),
  ...(row.status === 'waiting' && row.heldAt !== null ? { heldSince: iso(row.heldAt) } : {}),
  ...(row.queuedAt === null ? {} : { queuedAt: iso(row.queuedAt) }),
  ...(row.startedAt === null ? {} : { startedAt: iso(row.startedAt) }),
  ...(row.finishedAt === null ? {} : { finishedAt: iso(row.finishedAt) }),
});

/** `steps` in topological order, as rows come by position. */
export const toRunView = (row: RunRow, steps: readonly Row[]): RunView => ({
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
  steps: steps.map(toStepView),
  ...(row.error === null ? {} : { error: row.error }),
  createdAt: iso(row.createdAt),
  ...(row.finishedAt === null ? {} : { finishedAt: iso(row.finishedAt) }),
});

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
  steps: state.steps.map((step, position) => {
    const { name, component } = state.plan.steps[position] ?? { name: '', component: '' };
    return toStepView({ name, component, ...columnsOf(step) });
  }),
  ...(state.error ? { error: state.error } : {}),
  createdAt: iso(record.createdAt),
  ...(state.finishedAt === undefined ? {} : { finishedAt: iso(state.finishedAt) }),
});
