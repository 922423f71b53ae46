import type { StepState } from './state.js';
import type { Turn } from './turn.js';

type Ending = Pick<StepState, 'error' | 'outputs' | 'metrics' | 'worker' | 'startedAt'> & {
  status: 'succeeded' | 'failed' | 'cached' | 'skipped' | 'cancelled';
};

/** A step is over. What follows from that for others is settled at the end of the turn. */
export const endStep = (turn: Turn, step: number, at: number, ending: Ending): void => {
  turn.changeStep(step, {
    ...ending,
    finishedAt: at,
    dueAt: undefined,
    heldAt: undefined,
    deadline: undefined,
  });
  if (ending.status === 'failed')
    turn.note(
      'error',
      `failed: ${ending.error?.message ?? 'for no given reason'} (${ending.error?.code})`,
      step,
    );
};
