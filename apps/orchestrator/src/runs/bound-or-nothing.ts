import { bindStep, Unbound, type Bound } from './decide/bind-step.js';
import type { RunState } from './decide/state.js';

/** What a step is, or was, given; undefined where that cannot be said, as its needs gave nothing. */
export const boundOrNothing = (state: RunState, position: number): Bound | undefined => {
  try {
    return bindStep(state, position);
  } catch (error) {
    if (error instanceof Unbound) return undefined;
    throw error;
  }
};
