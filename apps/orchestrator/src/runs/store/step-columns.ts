import type { StepState } from '../decide/state.js';
import type { StepRow } from './step.entity.js';

type Columns = Omit<StepRow, 'run' | 'position' | 'name' | 'component' | 'revision'>;

export const columnsOf = (step: StepState): Columns => ({
  status: step.status,
  attempt: step.attempt,
  attemptsBefore: step.attemptsBefore ?? null,
  token: step.token,
  lapses: step.lapses,
  deadline: step.deadline ?? null,
  giveUpAt: step.giveUpAt ?? null,
  dueAt: step.dueAt ?? null,
  worker: step.worker ?? null,
  queuedAt: step.queuedAt ?? null,
  startedAt: step.startedAt ?? null,
  finishedAt: step.finishedAt ?? null,
  outputs: step.outputs ?? null,
  metrics: step.metrics ?? null,
  error: step.error ?? null,
  cacheKey: step.cacheKey ?? null,
});

const present = <T extends object>(record: T): { [K in keyof T]: Exclude<T[K], null> } =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null)) as never;

export const stepStateOf = (row: StepRow): StepState => {
  const {
    run: _run,
    position: _position,
    name: _name,
    component: _component,
    revision: _revision,
    ...columns
  } = row;
  return present(columns);
};
