import type { EventMap, Progress, RunStatus, RunView, StepStatus, StepView } from '@millrace/contracts';

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

/**
 * What a follower knows so far: enough to tell news from what it was told before. What comes of a merge takes the place of
 * what went into it, and has the same map: a copy for each of the steps of a large run would cost their square.
 */
export interface KnownRun {
  readonly status: RunStatus;
  readonly steps: Map<string, { attempt: number; status: StepStatus }>;
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

const mergeRun = (known: KnownRun, run: RunEvent): Merge =>
  runOrder[run.status] > runOrder[known.status]
    ? { known: { ...known, status: run.status }, changes: [{ kind: 'run', run }] }
    : { known, changes: [] };

const mergeStep = (known: KnownRun, step: StepEvent): Merge => {
  if (!stepIsNews(known, step)) return { known, changes: [] };
  known.steps.set(step.step, { attempt: step.attempt, status: step.status });
  return { known, changes: [{ kind: 'step', step }] };
};

/** Passed on if it is news, dropped if a snapshot or an earlier delivery has told it. */
export const mergeEvent = (known: KnownRun, news: RunNews): Merge =>
  news.type === 'run' ? mergeRun(known, news.data) : mergeStep(known, news.data);

const newsOfSteps = (run: string, steps: readonly StepView[]): RunNews[] =>
  steps.map(({ step, component, status, attempt, metrics, error, child }) => ({
    type: 'step',
    data: {
      run,
      step,
      component,
      status,
      attempt,
      ...(Object.keys(metrics).length > 0 ? { metrics } : {}),
      ...(error ? { error } : {}),
      ...(child === undefined ? {} : { child }),
    },
  }));

const newsOf = (view: RunView, rest: readonly StepView[]): RunNews[] => [
  ...newsOfSteps(view.run, view.steps),
  ...newsOfSteps(view.run, rest),
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

const mergeAll = (known: KnownRun, news: readonly RunNews[]): Merge => {
  const changes: RunChange[] = [];
  let last = known;
  for (const one of news) {
    const merged = mergeEvent(last, one);
    last = merged.known;
    changes.push(...merged.changes);
  }
  return { known: last, changes };
};

/** What nobody has begun is no news. */
const hasBegun = ({ status, attempt }: StepView): boolean => status !== 'waiting' || attempt > 0;

/**
 * The first snapshot is told whole; a later one only as the transitions that no event brought.
 * @param rest the steps of a large run that its view has no room for; they are told as transitions from the first
 */
export const mergeSnapshot = (
  known: KnownRun | undefined,
  view: RunView,
  rest: readonly StepView[] = [],
): Merge => {
  if (known !== undefined) return mergeAll(known, newsOf(view, rest.filter(hasBegun)));
  const steps = new Map(view.steps.map(({ step, attempt, status }) => [step, { attempt, status }]));
  const { changes, ...merged } = mergeAll(
    { status: view.status, steps },
    newsOfSteps(view.run, rest.filter(hasBegun)),
  );
  return { ...merged, changes: [{ kind: 'snapshot', run: view }, ...changes] };
};
