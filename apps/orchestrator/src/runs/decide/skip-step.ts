import { endStep } from './end-step.js';
import { instancesOf } from './instances.js';
import { isEnd } from './state.js';
import type { Turn } from './turn.js';

/**
 * A step that cannot begin any more, since something that it needs stays without a result. One that is done as several and
 * was opened again has instances by then, and counts as under way: they will not be done either.
 */
export const skipStep = (turn: Turn, step: number, at: number): void => {
  endStep(turn, step, at, { status: 'skipped' });
  for (const one of instancesOf(turn.state.plan, step))
    if (!isEnd(turn.step(one).status)) endStep(turn, one, at, { status: 'skipped' });
};

/** Has it not begun? Of what is done as several, that is to be asked only while something that it needs is missing. */
export const isUnbegun = (turn: Turn, step: number): boolean => {
  const { status } = turn.step(step);
  return status === 'waiting' || (status === 'running' && instancesOf(turn.state.plan, step).length > 0);
};
