import type { ExpectedStep } from '../workload/expected.js';
import { portOf, stepsOf, type StepSketch } from '../workload/sketch.js';
import { candidatesFor, type Candidate } from './candidates.js';
import { addFindings, hasFindings, keyOf, noFindings, type Findings } from './findings.js';
import { judgeBelieved } from './judge-believed.js';
import type { Effect } from './ledger.js';
import { valuesOf, type StepRecord } from './rows.js';
import { baseOf, type RunCase } from './run-case.js';

/** One run against the sums and against what its components say they did. */
export const judgeRun = (one: RunCase, findings: Findings): void => {
  const { record, sketch, x } = one;
  const tries = candidatesFor(record, sketch, x, one).map((candidate) => judgeAs(one, candidate));
  const [first = noFindings()] = tries;
  addFindings(findings, tries.find((found) => !hasFindings(found)) ?? first);
  judgeBelieved(one, findings);
};

const judgeAs = (one: RunCase, candidate: Candidate): Findings => {
  const { record, sketch, byKey } = one;
  const { expected } = candidate;
  const findings = noFindings();
  if (record.status !== expected.status)
    findings.wrong.push(`${record.run} ${record.pipeline}: ${record.status}, not ${expected.status}`);
  const there = new Set(record.steps.map(({ step }) => step));
  // Of what was cancelled, not all that is done several times was.
  const due =
    candidate.cancelled === 'main' ? stepsOf(sketch).map(({ name }) => name) : [...expected.steps.keys()];
  const missing = due.filter((step) => !there.has(step));
  if (missing.length > 0) findings.wrong.push(`${record.run}: has no ${missing.join(', ')}`);
  const sketches = new Map(stepsOf(sketch).map((step) => [step.name, step]));
  for (const step of record.steps) {
    const where = keyOf({ run: record.run, step: step.step });
    const own = sketches.get(baseOf(step.step));
    const n = valuesOf(step, own && portOf(own))[0]?.n;
    const mayBe = mayBeCancelled(one, candidate, step);
    judgeEnd(where, { ...step, n }, expected.steps.get(step.step), mayBe, findings);
    judgeEffects(where, step, byKey.get(where) ?? [], one.asks.resumes > 0, findings);
    judgeShape(where, step, own, findings);
  }
  return findings;
};

const mayBeCancelled = (
  { record, sketch, asks }: RunCase,
  { cancelled }: Candidate,
  { step }: StepRecord,
): boolean => {
  const isLast = sketch.finally.some(({ name }) => name === baseOf(step));
  if (cancelled !== 'main') return cancelled === 'finally' && isLast;
  // The last steps of a cancelled run are done, unless it was asked twice or had not begun.
  return !isLast || asks.cancels > 1 || record.steps.every(({ status }) => status === 'cancelled');
};

const judgeEnd = (
  where: string,
  step: StepRecord & { n: number | undefined },
  expected: ExpectedStep | undefined,
  cancelled: boolean,
  { wrong }: Findings,
): void => {
  const status = step.status === 'cached' ? 'succeeded' : step.status;
  if (cancelled && ['cancelled', 'skipped'].includes(status)) return;
  if (status !== expected?.status)
    return void wrong.push(`${where}: ${status}, not ${expected?.status} ${explain(step)}`);
  if (expected.n !== undefined && step.n !== expected.n) wrong.push(`${where}: ${step.n}, not ${expected.n}`);
};

const explain = ({ error }: StepRecord): string =>
  error === null || error === undefined
    ? ''
    : `(${typeof error === 'string' ? error : JSON.stringify(error)})`;

const judgeEffects = (
  where: string,
  { status }: StepRecord,
  effects: readonly Effect[],
  reopened: boolean,
  { duplicate, phantom }: Findings,
): void => {
  // What runs at the end of a run that is opened again runs again, and may have another number then.
  const numbers = new Map<number, Set<number>>();
  for (const { attempt, n } of effects) {
    const attempts = reopened ? attempt : 0;
    numbers.set(attempts, (numbers.get(attempts) ?? new Set()).add(n));
  }
  if ([...numbers.values()].some(({ size }) => size > 1))
    duplicate.push(`${where} had two different effects`);
  if (effects.length > 0 && !reopened && (status === 'skipped' || status === 'waiting'))
    phantom.push(`${where} is ${status} and had an effect`);
};

/** A step with a result has just one value, or as many as it has items. */
const judgeShape = (
  where: string,
  step: StepRecord,
  sketch: StepSketch | undefined,
  { wrong }: Findings,
): void => {
  if (!sketch || step.status !== 'succeeded') return;
  const isWhole = step.step === sketch.name;
  const values = valuesOf(step, portOf(sketch)).length;
  const due = ['write', 'approval'].includes(sketch.does)
    ? 0
    : isWhole && sketch.each
      ? sketch.each.items.length
      : 1;
  if (values !== due) wrong.push(`${where} has ${values} values, not ${due}`);
};
