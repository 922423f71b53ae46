import { advanceGroup } from './group.js';
import { instanceIn, instancesOf } from './instances.js';
import { readyStep } from './issue-step.js';
import { isIdle } from './state.js';
import type { Turn } from './turn.js';

/** Begins every step that waits for nothing: when a run starts, goes on after a pause, or is opened again. */
export const startReady = (turn: Turn, at: number): void =>
  turn.state.missing.forEach((missing, step) => {
    if (missing > 0 || instanceIn(turn.planned(step))) return;
    if (isIdle(turn.step(step))) readyStep(turn, step, at);
    else if (turn.step(step).status === 'running' && instancesOf(turn.state.plan, step).length > 0)
      advanceGroup(turn, step, at);
  });
