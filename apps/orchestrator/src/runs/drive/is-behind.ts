import { positionIn } from '../decide/position-in.js';
import type { RunState } from '../decide/state.js';
import type { Signal } from './signal.js';

/** A token that somebody works, or worked, under. */
export interface Seen {
  step: string;
  token: number;
}

/**
 * Tokens only grow, and so do the instances of steps: where one was heard of that is not known here, the state is older than
 * the database's.
 */
export const isBehind = ({ plan, steps }: RunState, seen: readonly Seen[]): boolean =>
  seen.some(({ step, token }) => {
    const position = positionIn(plan, step);
    return position === undefined || token > (steps[position]?.token ?? 0);
  });

/** What a signal says of a step: one that is asked for by hand has no token. */
export const seenIn = (signal: Signal): Seen[] =>
  'step' in signal ? [{ step: signal.step, token: 'token' in signal ? signal.token : 0 }] : [];
