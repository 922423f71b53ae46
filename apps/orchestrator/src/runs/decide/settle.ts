import type { RunStatus } from '@millrace/contracts';
import { endStep } from './end-step.js';
import { readyStep } from './issue-step.js';
import { hasResult, isFinished } from './state.js';
import type { Turn } from './turn.js';

/** Draws all consequences of what ended in this turn, one after the other, however long the chain of them. */
export const settle = (turn: Turn, at: number): void => {
  for (let step = turn.nextEnded(); step !== undefined; step = turn.nextEnded())
    tellDependents(turn, step, at);
  finishIfDone(turn, at);
};

/**
 * A result: whatever waits for nothing else is ready. No result: what waits for it is skipped, or considered where it has
 * a condition of its own; the rest goes on.
 */
const tellDependents = (turn: Turn, step: number, at: number): void => {
  const supplied = hasResult(turn.step(step).status);
  for (const dependent of turn.planned(step).dependents) {
    if (!supplied && !turn.planned(dependent).when) skip(turn, dependent, step, at);
    else if (turn.meetNeed(dependent) === 0) readyStep(turn, dependent, at);
  }
};

const skip = (turn: Turn, step: number, need: number, at: number): void => {
  if (turn.step(step).status !== 'waiting') return;
  turn.note('warn', `skipped: '${turn.planned(need).name}' did not succeed`, step);
  endStep(turn, step, at, { status: 'skipped' });
};

/** A run is over when its last step is. */
const finishIfDone = (turn: Turn, at: number): void => {
  const { open, steps, plan, status: before } = turn.state;
  if (open > 0 || isFinished(before)) return;
  const failed = steps.findIndex(({ status }) => status === 'failed');
  const cancelled = steps.some(({ status }) => status === 'cancelled');
  const status: RunStatus = cancelled ? 'cancelled' : failed < 0 ? 'succeeded' : 'failed';
  const cause = steps[failed]?.error;
  const name = plan.steps[failed]?.name;
  turn.change({
    status,
    paused: undefined,
    finishedAt: at,
    ...(status === 'failed' && cause
      ? {
          error: {
            ...cause,
            message: `step '${name}': ${cause.message}`,
            details: { ...cause.details, step: name },
          },
        }
      : {}),
  });
  turn.command({ type: 'finish-run', status });
  turn.note(status === 'succeeded' ? 'info' : 'error', `run ${status}`);
};
