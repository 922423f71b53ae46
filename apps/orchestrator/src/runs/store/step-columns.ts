import type { JsonValue } from '@millrace/contracts';
import type { PlannedStep } from '../../definition/plan.js';
import { instanceIn, type Instance } from '../decide/instances.js';
import type { StepState } from '../decide/state.js';
import type { StepRow } from './step.entity.js';

type Columns = Omit<
  StepRow,
  'run' | 'position' | 'name' | 'component' | 'priority' | 'revision' | 'parent' | 'ordinal' | 'item'
>;

export const columnsOf = (step: StepState): Columns => ({
  status: step.status,
  attempt: step.attempt,
  attemptsBefore: step.attemptsBefore ?? null,
  token: step.token,
  lapses: step.lapses,
  crashes: step.crashes ?? null,
  deadline: step.deadline ?? null,
  giveUpAt: step.giveUpAt ?? null,
  dueAt: step.dueAt ?? null,
  heldAt: step.heldAt ?? null,
  worker: step.worker ?? null,
  probe: step.probe ?? null,
  queuedAt: step.queuedAt ?? null,
  startedAt: step.startedAt ?? null,
  finishedAt: step.finishedAt ?? null,
  outputs: step.outputs ?? null,
  metrics: step.metrics ?? null,
  error: step.error ?? null,
  cacheKey: step.cacheKey ?? null,
  child: step.child ?? null,
  stopping: step.stopping ?? null,
});

/** Which instance of which step a row is. */
export const instanceColumnsOf = (planned: PlannedStep): Pick<StepRow, 'parent' | 'ordinal' | 'item'> => {
  const { of: parent, index: ordinal, item = null } = instanceIn(planned) ?? { of: null, index: null };
  return { parent, ordinal, item };
};

export const instanceOfRow = ({ parent, ordinal, item }: StepRow): Instance[] =>
  parent === null || ordinal === null ? [] : [{ of: parent, index: ordinal, item: item as JsonValue }];

const present = <T extends object>(record: T): { [K in keyof T]: Exclude<T[K], null> } =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null)) as never;

export const stepStateOf = (row: StepRow): StepState => {
  const {
    run: _run,
    position: _position,
    name: _name,
    component: _component,
    priority: _priority,
    revision: _revision,
    parent: _parent,
    ordinal: _ordinal,
    item: _item,
    ...columns
  } = row;
  // A replica from before there was such a thing leaves it in what it goes on with.
  return present(row.status === 'waiting' ? columns : { ...columns, heldAt: null });
};
