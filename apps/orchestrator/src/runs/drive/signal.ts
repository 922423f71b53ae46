import type { RunEvent } from '../decide/event.js';
import { positionIn } from '../decide/position-in.js';
import type { RunState } from '../decide/state.js';

export { positionIn as positionOf };

type Unplaced<E> = E extends { step: number }
  ? Omit<E, 'at' | 'step'> & { step: string }
  : E extends { at: number }
    ? Omit<E, 'at'>
    : never;

/** An event as the world tells it: steps by name, and no time yet. */
export type Signal = Unplaced<RunEvent>;

/** `undefined` where the run has no such step. */
export const toEvent = ({ plan }: RunState, signal: Signal, at: number): RunEvent | undefined => {
  if (!('step' in signal)) return { ...signal, at };
  const step = positionIn(plan, signal.step);
  return step === undefined ? undefined : ({ ...signal, step, at } as RunEvent);
};
