import { beginAttempt } from './begin-attempt.js';
import { tellChildren } from './begin-child.js';
import { letGo } from './give-room.js';
import { isHeld } from './room.js';
import { startReady } from './start-ready.js';
import type { Turn } from './turn.js';

export const pauseRun = (turn: Turn, at: number): void => {
  if (turn.state.paused) return;
  turn.change({ paused: true });
  turn.note('info', 'paused: nothing new begins');
  tellChildren(turn, 'pause.asked');
  turn.state.steps.forEach((own, step) => isHeld(own) && letGo(turn, step, at));
};

/** What became ready or due meanwhile begins now. */
export const unpauseRun = (turn: Turn, at: number): void => {
  if (!turn.state.paused) return;
  turn.change({ paused: undefined });
  turn.note('info', 'goes on after a pause');
  tellChildren(turn, 'unpause.asked');
  turn.state.steps.forEach(({ status, dueAt, attempt }, step) => {
    if (status !== 'waiting' || dueAt === undefined) return;
    if (dueAt <= at) beginAttempt(turn, step, at, attempt + 1);
    // Its alarm may have rung in vain: as another state it is set again.
    else turn.changeStep(step, {});
  });
  if (turn.state.status === 'running') startReady(turn, at);
};
