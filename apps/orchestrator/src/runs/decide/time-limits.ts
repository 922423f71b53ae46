import type { StepState } from './state.js';
import type { Turn } from './turn.js';

/** Until when an attempt may last that may take so long from now, and until when all of them together. */
export const endsOf = (
  turn: Turn,
  step: number,
  at: number,
  ms: number,
): Required<Pick<StepState, 'deadline'>> & Pick<StepState, 'giveUpAt'> => {
  const { stepTimeoutMs } = turn.planned(step);
  if (stepTimeoutMs === undefined) return { deadline: at + ms };
  const { giveUpAt = at + stepTimeoutMs } = turn.step(step);
  return { deadline: Math.min(at + ms, giveUpAt), giveUpAt };
};

/** Which limit is over: of all attempts, or of this one. */
export const limitOf = (turn: Turn, step: number, at: number): number => {
  const { stepTimeoutMs = Infinity, timeoutMs } = turn.planned(step);
  return at >= (turn.step(step).giveUpAt ?? Infinity) ? stepTimeoutMs : timeoutMs;
};
