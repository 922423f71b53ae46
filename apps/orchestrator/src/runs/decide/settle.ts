import { followInstance } from './group.js';
import { giveRoom } from './give-room.js';
import { instanceIn } from './instances.js';
import { readyStep } from './issue-step.js';
import { outcomeOf } from './outcome.js';
import { beginPhase } from './begin-phase.js';
import { isUnbegun, skipStep } from './skip-step.js';
import { isFinished } from './state.js';
import { unmetNeed } from './unmet-need.js';
import { tellParent } from './tell-parent.js';
import type { Turn } from './turn.js';

/** Draws all consequences of what ended in this turn, one after the other, however long the chain of them. */
export const settle = (turn: Turn, at: number): void => {
  let ended = false;
  for (;;) {
    const ready = turn.nextReady();
    if (ready !== undefined) {
      readyStep(turn, ready, at);
      continue;
    }
    const step = turn.nextEnded();
    if (step !== undefined) {
      ended = true;
      tell(turn, step, at);
    } else if (ended) {
      ended = false;
      beginPhase(turn, at);
    } else break;
  }
  giveRoom(turn, at);
  finishIfDone(turn, at);
};

const tell = (turn: Turn, step: number, at: number): void => {
  const instance = instanceIn(turn.planned(step));
  if (instance) followInstance(turn, instance.of, at);
  else tellDependents(turn, step, at);
};

/**
 * Whatever waits for nothing else is ready, or skipped where something that it needs has no result and it has no condition of
 * its own. Not before all that it needs is at its end: else it would depend on what ends first whether it was skipped for a
 * failure.
 */
const tellDependents = (turn: Turn, step: number, at: number): void => {
  for (const dependent of turn.planned(step).dependents) {
    if (turn.meetNeed(dependent) > 0) continue;
    const unmet = unmetNeed(turn.state, dependent);
    if (unmet === undefined) readyStep(turn, dependent, at);
    else skip(turn, dependent, unmet, at);
  }
};

const skip = (turn: Turn, step: number, need: number, at: number): void => {
  if (!isUnbegun(turn, step)) return;
  turn.note('warn', `skipped: '${turn.planned(need).name}' did not succeed`, step);
  skipStep(turn, step, at);
};

/** A run is over when its last step is. */
const finishIfDone = (turn: Turn, at: number): void => {
  if (turn.state.open > 0 || isFinished(turn.state.status)) return;
  const { status, error } = outcomeOf(turn.state);
  turn.change({ status, paused: undefined, finishedAt: at, ...(error ? { error } : {}) });
  turn.command({ type: 'finish-run', status });
  tellParent(turn);
  turn.note(status === 'succeeded' ? 'info' : 'error', `run ${status}`);
};
