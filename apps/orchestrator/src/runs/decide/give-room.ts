import { endStep } from './end-step.js';
import { issueStep } from './issue-step.js';
import { isHeld, priorityOf } from './room.js';
import type { Turn } from './turn.js';

/** As many as there is room for go out, by priority; the others are held. */
export const giveRoom = (turn: Turn, at: number): void => {
  const priority = (step: number): number => priorityOf(turn.state, turn.planned(step));
  // Sorting is stable: equals keep their turn.
  for (const step of turn.asked.splice(0).sort((a, b) => priority(b) - priority(a))) {
    const { heldAt, attempt } = turn.step(step);
    if (heldAt === undefined) continue;
    if (turn.roomFor(turn.planned(step).component) >= 1) issueStep(turn, step, at, attempt + 1);
    else hold(turn, step, at);
  }
};

/** It has no token and no deadline, but the time for all its attempts has begun. */
const hold = (turn: Turn, step: number, at: number): void => {
  const { component, stepTimeoutMs } = turn.planned(step);
  const { giveUpAt = stepTimeoutMs === undefined ? undefined : at + stepTimeoutMs } = turn.step(step);
  turn.changeStep(step, { heldAt: at, giveUpAt, dueAt: giveUpAt });
  if (turn.firstHeld(component))
    turn.note('info', `waits for room: as many tasks of '${component}' are out as may be`, step);
};

/** There is room for a step that was held. */
export const takeRoom = (turn: Turn, step: number, at: number): void => {
  const own = turn.step(step);
  if (!isHeld(own)) return;
  if (turn.state.paused) return letGo(turn, step, at);
  if (at >= (own.giveUpAt ?? Infinity)) return expireHeld(turn, step, at);
  issueStep(turn, step, at, own.attempt + 1);
};

/** In a pause it doesn't wait for room, but as one that is due when the run goes on. */
export const letGo = (turn: Turn, step: number, at: number): void =>
  turn.changeStep(step, { heldAt: undefined, dueAt: at });

/** The time for all its attempts is over, or, rung too early, not yet: as another state it is waited for again. */
export const expireHeld = (turn: Turn, step: number, at: number): void => {
  const { giveUpAt } = turn.step(step);
  if (giveUpAt === undefined) return;
  if (at < giveUpAt) return turn.changeStep(step, {});
  const { component, stepTimeoutMs } = turn.planned(step);
  endStep(turn, step, at, {
    status: 'failed',
    error: {
      code: 'deadline_exceeded',
      message: `there was no room for another task of '${component}' within ${stepTimeoutMs} ms`,
      retryable: false,
    },
  });
};
