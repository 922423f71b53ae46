import type { ErrorBody } from '@millrace/contracts';
import type { RunState } from './state.js';

export interface Outcome {
  status: 'succeeded' | 'failed' | 'cancelled';
  /** Of the first step that failed, in the order of the plan. */
  error?: ErrorBody;
  failedStep?: string;
}

/** How a run ended, or would end if nothing else failed. A step that is skipped is no failure. */
export const outcomeOf = ({ steps, plan }: RunState): Outcome => {
  if (steps.some(({ status }) => status === 'cancelled')) return { status: 'cancelled' };
  const failed = steps.findIndex(({ status }) => status === 'failed');
  if (failed < 0) return { status: 'succeeded' };
  const failedStep = plan.steps[failed]?.name ?? '';
  const cause = steps[failed]?.error ?? { code: 'internal', message: 'failed', retryable: false };
  return {
    status: 'failed',
    failedStep,
    error: {
      ...cause,
      message: `step '${failedStep}': ${cause.message}`,
      details: { ...cause.details, step: failedStep },
    },
  };
};
