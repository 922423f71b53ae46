import type { RunComparison, StepDifference } from '@millrace/contracts';
import { fitting } from '../search/fitting.js';

const maxBytes = 700_000;

/** A comparison that fits into one answer: what is the same is left out before what is different. */
export const fitComparison = (
  steps: readonly StepDifference[],
  limit = maxBytes,
): Pick<RunComparison, 'steps' | 'omitted'> => {
  const all = fitting(steps, limit);
  if (all.length === steps.length) return { steps: all };
  const different = fitting(
    steps.filter(({ same }) => !same),
    limit,
  );
  return { steps: different, omitted: steps.length - different.length };
};
