import type { StepState } from './state.js';
import type { Turn } from './turn.js';

const stop = (turn: Turn, step: number, stopping: NonNullable<StepState['stopping']>, why: string): void => {
  const { child } = turn.step(step);
  if (child === undefined) return;
  turn.changeStep(step, { stopping, dueAt: undefined });
  const message = { type: 'cancel.asked', all: stopping === 'cancel-all' } as const;
  turn.command({ type: 'tell-run', run: child, message });
  turn.note('warn', `${why}: run ${child} is cancelled`, step);
};

/**
 * The run of a step is to end. The step waits for that, so that what the run does in any case is done before what this
 * one does in any case.
 * @param all whether the former is cancelled, too; without, when it is asked once more
 */
export const cancelChild = (turn: Turn, step: number, all: boolean | undefined): void => {
  const { stopping } = turn.step(step);
  const asked = stopping === 'cancel' || stopping === 'cancel-all';
  const wanted = (all ?? asked) ? 'cancel-all' : 'cancel';
  if (stopping === wanted || stopping === 'cancel-all') return;
  stop(turn, step, wanted, 'cancelled');
};

export const expireChild = (turn: Turn, step: number): void => {
  if (turn.step(step).stopping === undefined) stop(turn, step, 'time-out', 'it took too long');
};
