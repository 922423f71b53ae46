import { stepsOf, type StepSketch } from '../workload/sketch.js';
import { noAsks, withAbove, type Asks } from './asks.js';
import { cutOffIn, givenTo, refusedIn } from './candidates.js';
import { keyOf, type Findings } from './findings.js';
import type { Effect } from './ledger.js';
import type { Origin } from './origins.js';
import type { ChildRecord, RunRecord, StepRecord } from './rows.js';
import { baseOf, type RunCase } from './run-case.js';

/** What is known of all runs. */
export interface Register {
  runs: ReadonlyMap<string, RunRecord>;
  /** By the run that began them. */
  below: ReadonlyMap<string, ChildRecord[]>;
  byKey: ReadonlyMap<string, Effect[]>;
  spoiled: ReadonlySet<string>;
  /** What was asked of each by itself. */
  asks: ReadonlyMap<string, Asks>;
}

/**
 * A run, all that it began for its steps, and all that those began: each attempt of a step has one run, and there are no
 * others. What is asked of a run is asked of all below it.
 */
export const traceFamily = (
  { record, sketch, x }: Origin,
  register: Register,
  findings: Findings,
  above: Asks = noAsks,
): RunCase[] => {
  const { runs, byKey, spoiled } = register;
  const below = new Map<string, RunCase>();
  const asks = withAbove(register.asks.get(record.run) ?? noAsks, above);
  const refused = refusedIn(record, sketch, spoiled, runs);
  const cutOff = cutOffIn(record, sketch, runs);
  const one: RunCase = { record, sketch, x, asks, refused, cutOff, byKey, below };
  const children = register.below.get(record.run) ?? [];
  judgeAttempts(one, children, register, findings);
  const others = children.flatMap((child) => {
    const { step, attempt } = child.parent;
    const own = record.steps.find(({ step: name }) => name === step);
    const asked = sketchOf(one, step)?.runs?.of;
    const where = `run ${child.run} (${child.pipeline}, for ${record.run}/${step}, attempt ${attempt})`;
    if (!own || asked?.name !== child.pipeline || attempt > own.attempt)
      return (findings.phantom.push(where), []);
    const given = Number(child.params['x']);
    if (!givenTo(one, step).has(given)) findings.wrong.push(`${where} was given ${given}`);
    const isCurrent = own.child === child.run;
    // One that was cancelled before the step was opened again stays so.
    const asksBelow = isCurrent ? asks : { ...asks, mayBeCancelled: asks.cancels > 0 };
    const family = traceFamily({ record: child, sketch: asked, x: given }, register, findings, asksBelow);
    if (isCurrent && family[0]) below.set(step, family[0]);
    return family;
  });
  return [one, ...others];
};

/** Of a step, or of what it is done as, that another run does. */
const sketchOf = ({ sketch }: RunCase, step: string): StepSketch | undefined => {
  const own = stepsOf(sketch).find(({ name }) => name === baseOf(step));
  const isWhole = own?.name === step && (own.each !== undefined || own.until !== undefined);
  return own?.runs && !isWhole ? own : undefined;
};

const judgeAttempts = (
  one: RunCase,
  children: readonly ChildRecord[],
  register: Register,
  findings: Findings,
): void => {
  const { record, asks } = one;
  const begun = new Map<string, ChildRecord[]>();
  for (const child of children)
    begun.set(child.parent.step, [...(begun.get(child.parent.step) ?? []), child]);
  for (const step of record.steps) {
    if (!sketchOf(one, step.step)) continue;
    const where = keyOf({ run: record.run, step: step.step });
    const own = begun.get(step.step) ?? [];
    const attempts = new Set(own.map(({ parent }) => parent.attempt));
    if (attempts.size < own.length) findings.phantom.push(`${where}: a second run for one attempt`);
    // A run that goes on when the step is opened again is of the later attempt from then on.
    const due = Array.from({ length: asks.resumes > 0 ? 0 : step.attempt }, (_, i) => i + 1);
    const missing = due.filter((attempt) => !attempts.has(attempt));
    if (missing.length > 0) findings.lost.push(`${where}: no run for attempt ${missing.join(', ')}`);
    judgeCurrent(where, step, own, register, findings);
  }
};

const allowed: { [status: string]: readonly string[] } = {
  succeeded: ['succeeded'],
  failed: ['failed'],
  cancelled: ['cancelled', 'failed'],
};

/** A step ends as its run does. */
const judgeCurrent = (
  where: string,
  { status, child }: StepRecord,
  own: readonly ChildRecord[],
  { asks }: Register,
  { lost, wrong }: Findings,
): void => {
  const current = own.find(({ run }) => run === child);
  if (typeof child === 'string' && !current) lost.push(`${where}: its run ${child} is gone`);
  if (!current && own.length > 0 && (status === 'succeeded' || status === 'failed'))
    wrong.push(`${where}: ${status}, by none of its runs`);
  // A run that somebody cancelled by itself fails its step.
  const isCutOff = status === 'failed' && asks.get(child ?? '')?.mayBeCancelled === true;
  const ends = isCutOff ? ['failed', 'cancelled'] : allowed[status];
  if (current && !(ends?.includes(current.status) ?? true))
    wrong.push(`${where}: ${status}, and its run ${current.run} is ${current.status}`);
};
