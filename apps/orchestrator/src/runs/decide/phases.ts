import type { Phase, Plan } from '../../definition/plan.js';
import { isEnd, type RunState } from './state.js';

const order: readonly Phase[] = ['main', 'onFailure', 'finally'];
const rank = (phase: Phase = 'main'): number => order.indexOf(phase);

const several = new WeakMap<Plan, boolean>();
export const hasPhases = (plan: Plan): boolean => {
  const known = several.get(plan) ?? plan.steps.some(({ phase = 'main' }) => phase !== 'main');
  several.set(plan, known);
  return known;
};

/** The first phase in which something is still to be done. */
export const phaseOf = ({ plan, steps }: RunState): Phase => {
  if (!hasPhases(plan)) return 'main';
  let first = order.length - 1;
  steps.forEach(({ status }, step) => {
    if (!isEnd(status)) first = Math.min(first, rank(plan.steps[step]?.phase));
  });
  return order[first] ?? 'main';
};

/** Has the phase of a step begun? */
export const hasBegun = (state: RunState, step: number): boolean => {
  const { phase = 'main' } = state.plan.steps[step] ?? {};
  return phase === 'main' || rank(phaseOf(state)) >= rank(phase);
};

export const isLaterThan = (phase: Phase | undefined, other: Phase | undefined): boolean =>
  rank(phase) > rank(other);
