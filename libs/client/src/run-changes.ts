import type { EventMap, Progress, RunStatus, RunView, StepStatus } from '@millrace/contracts';

export type RunEvent = EventMap['orchestrator.run.changed'];
export type StepEvent = EventMap['orchestrator.step.changed'];

/** One transition, as an event told it. */
export type RunNews = { type: 'run'; data: RunEvent } | { type: 'step'; data: StepEvent };

/** What a follower of a run is told, in this order: one `snapshot`, then what changed since. */
export type RunChange =
  | { kind: 'snapshot'; run: RunView }
  | { kind: 'run'; run: RunEvent }
  | { kind: 'step'; step: StepEvent }
  | { kind: 'progress'; progress: Progress };

/** What a follower knows so far: enough to tell news from what it was told before. */
export interface KnownRun {
  readonly status: RunStatus;
  readonly steps: ReadonlyMap<string, { attempt: number; status: StepStatus }>;
}

export interface Merge {
  known: KnownRun;
  changes: RunChange[];
}

/** Within one attempt. A step waits before its first attempt, which counts as attempt 0, and after one that is tried again. */
const stepOrder: Record<StepStatus, number> = {
  queued: 1,
  running: 2,
  waiting: 3,
  succeeded: 4,
  failed: 4,
  cached: 4,
  skipped: 4,
  cancelled: 4,
};
const runOrder: Record<RunStatus, number> = { pending: 0, running: 1, succeeded: 2, failed: 2, cancelled: 2 };

export const hasEnded = (status: RunStatus): boolean => runOrder[status] === 2;

const stepIsNews = (known: KnownRun, step: Pick<StepEvent, 'step' | 'attempt' | 'status'>): boolean => {
  const before = known.steps.get(step.step);
  return (
    before === undefined ||
    step.attempt > before.attempt ||
    (step.attempt === before.attempt && stepOrder[step.status] > stepOrder[before.status])
  );
};

const knowingStep = (known: KnownRun, { step, attempt, status }: StepEvent): KnownRun => ({
  ...known,
  steps: new Map(known.steps).set(step, { attempt, status }),
});

const mergeRun = (known: KnownRun, run: RunEvent): Merge =>
  runOrder[run.status] > runOrder[known.status]
    ? { known: { ...known, status: run.status }, changes: [{ kind: 'run', run }] }
    : { known, changes: [] };

const mergeStep = (known: KnownRun, step: StepEvent): Merge =>
  stepIsNews(known, step)
    ? { known: knowingStep(known, step), changes: [{ kind: 'step', step }] }
    : { known, changes: [] };

/** Passed on if it is news, dropped if a snapshot or an earlier delivery has told it. */
export const mergeEvent = (known: KnownRun, news: RunNews): Merge =>
  news.type === 'run' ? mergeRun(known, news.data) : mergeStep(known, news.data);

const newsOf = (view: RunView): RunNews[] => [
  ...view.steps.map(({ step, component, status, attempt, metrics, error, child }): RunNews => ({
    type: 'step',
    data: {
      run: view.run,
      step,
      component,
      status,
      attempt,
      ...(Object.keys(metrics).length > 0 ? { metrics } : {}),
      ...(error ? { error } : {}),
      ...(child === undefined ? {} : { child }),
    },
  })),
  {
    type: 'run',
    data: {
      run: view.run,
      pipeline: view.pipeline,
      status: view.status,
      ...(view.error ? { error: view.error } : {}),
    },
  },
];

/** The first snapshot is told whole; a later one only as the transitions that no event brought. */
export const mergeSnapshot = (known: KnownRun | undefined, view: RunView): Merge =>
  known === undefined
    ? {
        known: {
          status: view.status,
          steps: new Map(view.steps.map(({ step, attempt, status }) => [step, { attempt, status }])),
        },
        changes: [{ kind: 'snapshot', run: view }],
      }
    : newsOf(view).reduce<Merge>(
        (merged, news) => {
          const { known, changes } = mergeEvent(merged.known, news);
          return { known, changes: [...merged.changes, ...changes] };
        },
        { known, changes: [] },
      );
