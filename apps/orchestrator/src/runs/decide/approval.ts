import type { PlannedStep } from '../../definition/plan.js';
import { endStep } from './end-step.js';
import type { RunState, StepState } from './state.js';
import type { Turn } from './turn.js';

/** Does a step wait for somebody to decide on it? */
export const isUndecided = ({ kind }: PlannedStep, { status }: StepState): boolean =>
  kind === 'approval' && status === 'running';

/** It is under way without a task, until somebody decides or the time for that is over. */
export const askApproval = (turn: Turn, step: number, at: number): void => {
  const { approval, stepTimeoutMs = Infinity } = turn.planned(step);
  const withinMs = Math.min(approval?.withinMs ?? Infinity, stepTimeoutMs);
  const attempt = turn.step(step).attempt + 1;
  turn.changeStep(step, { status: 'running', attempt, queuedAt: at, startedAt: at, dueAt: at + withinMs });
  turn.note(
    'info',
    `waits for an approval${approval?.message === undefined ? '' : `: ${approval.message}`}`,
    step,
  );
};

/** Why a step cannot be decided on by somebody; `undefined` where it can. */
export const whyNotDecided = (
  { plan, steps }: RunState,
  step: number,
  by: string,
): { code: 'conflict' | 'forbidden'; message: string } | undefined => {
  const planned = plan.steps[step];
  const own = steps[step];
  if (!planned || !own || !isUndecided(planned, own))
    return {
      code: 'conflict',
      message: planned?.approval
        ? `step '${planned.name}' waits for no decision: it is ${own?.status ?? 'waiting'}`
        : `step '${planned?.name ?? ''}' needs no approval`,
    };
  const allowed = planned.approval?.by;
  return allowed && !allowed.includes(by)
    ? { code: 'forbidden', message: `'${by}' may not decide on it: ${allowed.join(', ')} may` }
    : undefined;
};

export interface Verdict {
  approved: boolean;
  by: string;
  reason?: string;
}

export const decideApproval = (turn: Turn, step: number, at: number, verdict: Verdict): void => {
  const { approved, by, reason } = verdict;
  if (whyNotDecided(turn.state, step, by)) return;
  const said = `by '${by}'${reason === undefined ? '' : `: ${reason}`}`;
  if (!approved)
    return endStep(turn, step, at, {
      status: 'failed',
      error: { code: 'forbidden', message: `refused ${said}`, retryable: false },
    });
  turn.note('info', `approved ${said}`, step);
  const outputs = { by, ...(reason === undefined ? {} : { reason }) };
  endStep(turn, step, at, { status: 'succeeded', outputs, error: undefined });
};

export const expireApproval = (turn: Turn, step: number, at: number): void =>
  endStep(turn, step, at, {
    status: 'failed',
    error: { code: 'deadline_exceeded', message: 'nobody decided in time', retryable: false },
  });
