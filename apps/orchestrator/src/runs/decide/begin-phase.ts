import { endStep } from './end-step.js';
import { outcomeOf } from './outcome.js';
import { hasPhases, phaseOf } from './phases.js';
import { startReady } from './start-ready.js';
import type { Turn } from './turn.js';

/** What runs on failure begins when all before it has ended, or is skipped; then what runs in any case. */
export const beginPhase = (turn: Turn, at: number): void => {
  if (!hasPhases(turn.state.plan)) return;
  const phase = phaseOf(turn.state);
  if (phase === 'main') return;
  if (phase === 'finally' || outcomeOf(turn.state).status === 'failed') return startReady(turn, at);
  turn.state.steps.forEach(({ status }, step) => {
    if (status === 'waiting' && turn.planned(step).phase === 'onFailure')
      endStep(turn, step, at, { status: 'skipped' });
  });
};
