import { readyStep } from './issue-step.js';
import type { Turn } from './turn.js';

/** Begins every step that waits for nothing: when a run starts, goes on after a pause, or is opened again. */
export const startReady = (turn: Turn, at: number): void =>
  turn.state.missing.forEach((missing, step) => {
    const { status, dueAt } = turn.step(step);
    if (missing === 0 && status === 'waiting' && dueAt === undefined) readyStep(turn, step, at);
  });
