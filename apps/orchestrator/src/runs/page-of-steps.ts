import type { StepView } from '@millrace/contracts';
import { fitting } from '../search/fitting.js';

/** Of a run, in one answer. */
export const maxSteps = 1_000;

/** How many bytes one answer has for steps, and at least for them, whatever else stands in it. */
const maxBytes = 800_000;
const minBytes = 100_000;

export interface PlacedStep {
  position: number;
  view: StepView;
}

/**
 * As many of the first steps as one answer has room for.
 * @param found one more than `limit`, where there are more
 * @param beside what else stands in the answer
 */
export const pageOfSteps = (
  found: readonly PlacedStep[],
  limit = maxSteps,
  beside: unknown = {},
): { steps: StepView[]; next?: string } => {
  if (found.length === 0) return { steps: [] };
  const room = Math.max(minBytes, maxBytes - Buffer.byteLength(JSON.stringify(beside)));
  const views = found.slice(0, limit).map(({ view }) => view);
  const steps = fitting(views, room);
  const last = found[steps.length - 1];
  return steps.length < found.length && last ? { steps, next: String(last.position) } : { steps };
};
