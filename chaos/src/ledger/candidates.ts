import { expectedOf, type Expected } from '../workload/expected.js';
import { stepsOf, type Sketch } from '../workload/sketch.js';
import type { Asks } from './asks.js';
import type { RunRecord, StepRecord } from './rows.js';

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

/** The steps that failed because what they read had been spoiled. */
export const refusedIn = (
  { steps }: RunRecord,
  sketch: Sketch,
  spoiled: ReadonlySet<string>,
): ReadonlySet<string> => {
  const byName = new Map(steps.map((step) => [step.step, step]));
  const files = new Map(stepsOf(sketch).map(({ name, file }) => [name, file]));
  return new Set(
    steps.flatMap((step) => {
      if (step.status !== 'failed' || codeOf(step) !== 'integrity') return [];
      const written = byName.get(files.get(step.step) ?? '')?.outputs?.['file'];
      return spoiled.has((written as { digest?: string } | undefined)?.digest ?? '') ? [step.step] : [];
    }),
  );
};

/** All ways in which a run may have ended, given what was done to it; the likeliest first. */
export const candidatesFor = (
  record: RunRecord,
  sketch: Sketch,
  x: number,
  o: { asks: Asks; refused: ReadonlySet<string> },
): Candidate[] => {
  const { asks, refused } = o;
  const openings = [{ refused }, ...(asks.resumes > 0 ? [{ refused, resumed: true }] : [])];
  if (record.status === 'cancelled' && asks.mayBeCancelled)
    return openings.flatMap((opening): Candidate[] => [
      { expected: expectedOf(sketch, x, { ...opening, cancelled: true }), cancelled: 'main' },
      // Or when only its last steps were left.
      { expected: { ...expectedOf(sketch, x, opening), status: 'cancelled' }, cancelled: 'finally' },
    ]);
  return openings.map((opening) => ({ expected: expectedOf(sketch, x, opening), cancelled: 'none' }));
};
