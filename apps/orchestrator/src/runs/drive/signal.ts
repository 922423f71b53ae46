import type { Plan } from '../../definition/plan.js';
import type { RunEvent } from '../decide/event.js';
import type { RunState } from '../decide/state.js';

type Unplaced<E> = E extends { step: number }
  ? Omit<E, 'at' | 'step'> & { step: string }
  : E extends { at: number }
    ? Omit<E, 'at'>
    : never;

/** An event as the world tells it: steps by name, and no time yet. */
export type Signal = Unplaced<RunEvent>;

const positions = new WeakMap<Plan, Map<string, number>>();

/** Of a step in its plan, by name. */
export const positionOf = (plan: Plan, name: string): number | undefined => {
  let byName = positions.get(plan);
  if (!byName) positions.set(plan, (byName = new Map(plan.steps.map((step, index) => [step.name, index]))));
  return byName.get(name);
};

/** `undefined` where the run has no such step. */
export const toEvent = ({ plan }: RunState, signal: Signal, at: number): RunEvent | undefined => {
  if (!('step' in signal)) return { ...signal, at };
  const step = positionOf(plan, signal.step);
  return step === undefined ? undefined : ({ ...signal, step, at } as RunEvent);
};
