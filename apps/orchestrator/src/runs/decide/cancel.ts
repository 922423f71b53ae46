import { hasChild } from './child-steps.js';
import { endStep } from './end-step.js';
import { phaseOf } from './phases.js';
import { isEnd, isOut } from './state.js';
import { cancelChild } from './stop-child.js';
import type { Turn } from './turn.js';

/**
 * All ends that can; what runs in any case runs now. Only asked again, when nothing else is left or while that is still
 * stopping, is it cancelled, too.
 * @param all said by the run that began this one: whether it is
 */
export const cancelRun = (turn: Turn, at: number, all?: boolean): void => {
  turn.note('warn', 'cancel asked');
  const { steps, status } = turn.state;
  const again = steps.some(({ stopping }) => stopping === 'cancel' || stopping === 'cancel-all');
  const everything = status === 'pending' || (all ?? (again || phaseOf(turn.state) === 'finally'));
  steps.forEach((own, step) => {
    if (isEnd(own.status)) return;
    if (turn.planned(step).phase === 'finally' && !everything) return;
    if (hasChild(turn.planned(step), own)) return cancelChild(turn, step, all);
    if (isOut(own)) turn.command({ type: 'cancel-task', step, token: own.token });
    endStep(turn, step, at, { status: 'cancelled' });
  });
};
