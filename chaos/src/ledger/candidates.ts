import { expectedOf, type Circumstances, type Expected } from '../workload/expected.js';
import { outcomes, stepsOf, type Sketch } from '../workload/sketch.js';
import type { Asks } from './asks.js';
import type { RunRecord, StepRecord } from './rows.js';
import { baseOf } from './run-case.js';

/** One of the ways in which a run may rightly have ended. */
export interface Candidate {
  expected: Expected;
  /** Steps of these may be cancelled instead. */
  cancelled: 'none' | 'main' | 'finally';
}

const codeOf = ({ error }: StepRecord): unknown => {
  const body: unknown = typeof error === 'string' ? JSON.parse(error) : error;
  return (body as { code?: unknown } | null)?.code;
};

/** Of the steps here, and of those in the runs below: those as `sub/s1`. */
const pathsIn = (
  record: RunRecord,
  sketch: Sketch,
  runs: ReadonlyMap<string, RunRecord>,
  isOne: (step: StepRecord, of: { record: RunRecord; sketch: Sketch }) => boolean,
): string[] => {
  const called = new Map(stepsOf(sketch).map((step) => [step.name, step.runs?.of]));
  return record.steps.flatMap((step) => {
    const below = runs.get(step.child ?? '');
    const of = called.get(baseOf(step.step));
    const paths = below && of ? pathsIn(below, of, runs, isOne) : [];
    const own = isOne(step, { record, sketch }) ? [step.step] : [];
    return [...own, ...paths.map((path) => `${step.step}/${path}`)];
  });
};

/** The steps that failed because what they read had been spoiled. */
export const refusedIn = (
  top: RunRecord,
  topSketch: Sketch,
  spoiled: ReadonlySet<string>,
  runs: ReadonlyMap<string, RunRecord>,
): ReadonlySet<string> =>
  new Set(
    pathsIn(top, topSketch, runs, (step, { record, sketch }) => {
      if (step.status !== 'failed' || codeOf(step) !== 'integrity') return false;
      const { file } = stepsOf(sketch).find(({ name }) => name === step.step) ?? {};
      const written = record.steps.find((one) => one.step === file)?.outputs?.['file'];
      return spoiled.has((written as { digest?: string } | undefined)?.digest ?? '');
    }),
  );

/** The steps that failed because their run was cancelled, and this one was not. */
export const cutOffIn = (
  top: RunRecord,
  topSketch: Sketch,
  runs: ReadonlyMap<string, RunRecord>,
): ReadonlySet<string> =>
  new Set(
    pathsIn(
      top,
      topSketch,
      runs,
      ({ status, child }) => status === 'failed' && runs.get(child ?? '')?.status === 'cancelled',
    ),
  );

interface Known {
  asks: Asks;
  refused: ReadonlySet<string>;
  cutOff: ReadonlySet<string>;
}

/** Before it was opened again, and after that. */
const openingsOf = ({ asks, refused, cutOff }: Known): Circumstances[] => [
  { refused, cutOff },
  ...(asks.resumes > 0 ? [{ refused, cutOff, resumed: true }] : []),
];

/** What the runs of a step may have been given: all of them, also those that were replaced when it was opened again. */
export const givenTo = (
  { sketch, x, ...known }: Known & { sketch: Sketch; x: number },
  step: string,
): ReadonlySet<number> => {
  const { adds } = stepsOf(sketch).find(({ name }) => name === baseOf(step)) ?? {};
  if (adds === 'outcome' && known.asks.resumes > 0) return new Set(Object.values(outcomes));
  const ways = openingsOf(known).flatMap((opening) =>
    known.asks.cancels > 0 ? [opening, { ...opening, cancelled: true }] : [opening],
  );
  return new Set(ways.flatMap((way) => expectedOf(sketch, x, way).steps.get(step)?.x ?? []));
};

/** All ways in which a run may have ended, given what was done to it; the likeliest first. */
export const candidatesFor = (record: RunRecord, sketch: Sketch, x: number, known: Known): Candidate[] => {
  const openings = openingsOf(known);
  if (record.status === 'cancelled' && known.asks.mayBeCancelled)
    return openings.flatMap((opening): Candidate[] => [
      { expected: expectedOf(sketch, x, { ...opening, cancelled: true }), cancelled: 'main' },
      // Or when only its last steps were left.
      { expected: { ...expectedOf(sketch, x, opening), status: 'cancelled' }, cancelled: 'finally' },
    ]);
  return openings.map((opening) => ({ expected: expectedOf(sketch, x, opening), cancelled: 'none' }));
};
