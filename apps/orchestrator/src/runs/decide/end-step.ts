import type { RunStatus } from '@millrace/contracts';
import type { StepState } from './state.js';
import type { Turn } from './turn.js';

type Ending = Pick<StepState, 'error' | 'outputs' | 'metrics' | 'worker' | 'startedAt'> & {
  status: 'succeeded' | 'failed' | 'cached' | 'skipped' | 'cancelled';
};

/** A step is over without a result, and with it whatever waits for it. What doesn't wait for it goes on. */
export const endStep = (turn: Turn, step: number, at: number, ending: Ending): void => {
  turn.changeStep(step, { ...ending, finishedAt: at, dueAt: undefined, deadline: undefined });
  if (ending.status === 'failed')
    turn.note(
      'error',
      `failed: ${ending.error?.message ?? 'for no given reason'} (${ending.error?.code})`,
      step,
    );
  if (ending.status !== 'succeeded' && ending.status !== 'cached') skipDependents(turn, step, at);
  finishIfDone(turn, at);
};

const skipDependents = (turn: Turn, failed: number, at: number): void => {
  const queue = [failed];
  for (const step of queue)
    for (const dependent of turn.planned(step).dependents) {
      if (turn.step(dependent).status !== 'waiting') continue;
      turn.changeStep(dependent, { status: 'skipped', finishedAt: at });
      turn.note('warn', `skipped: '${turn.planned(step).name}' did not succeed`, dependent);
      queue.push(dependent);
    }
};

/** A run is over when its last step is. */
export const finishIfDone = (turn: Turn, at: number): void => {
  const { open, steps, plan } = turn.state;
  if (open > 0) return;
  const failed = steps.findIndex(({ status }) => status === 'failed');
  const cancelled = steps.some(({ status }) => status === 'cancelled');
  const status: RunStatus = cancelled ? 'cancelled' : failed < 0 ? 'succeeded' : 'failed';
  const cause = steps[failed]?.error;
  const name = plan.steps[failed]?.name;
  turn.change({
    status,
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
