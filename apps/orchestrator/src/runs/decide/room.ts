import { defaultPriority, type PlannedStep } from '../../definition/plan.js';
import type { RunState, StepState } from './state.js';
import type { Turn } from './turn.js';

/** How many more tasks of a component are out, and how many of those nobody has taken up, than before. */
export interface Moved {
  readonly out: number;
  readonly queued: number;
}

export const nothingMoved: Moved = { out: 0, queued: 0 };

/**
 * How many more tasks of a component may go out after so much was moved. `-Infinity` where others wait for that already:
 * they come first.
 */
export type Room = (component: string, moved: Moved) => number;

export const endlessRoom: Room = () => Infinity;

/** 0…9, 9 first. What a step says of itself counts more than what is said of its run. */
export const priorityOf = ({ priority = defaultPriority }: RunState, step: PlannedStep): number =>
  step.priority ?? priority;

/** A step wants its next attempt. Who gets room is settled at the end of the turn, when all are known who ask. */
export const askRoom = (turn: Turn, step: number, at: number): void => {
  turn.changeStep(step, { heldAt: at, dueAt: undefined });
  turn.asked.push(step);
};

/** Neither out nor at its end: it would be, if there had been room. */
export const isHeld = ({ status, heldAt }: Pick<StepState, 'status' | 'heldAt'>): boolean =>
  status === 'waiting' && heldAt !== undefined;
