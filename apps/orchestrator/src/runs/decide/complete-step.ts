import type { ErrorBody } from '@millrace/contracts';
import { checkOutputs } from './check-outputs.js';
import { endStep } from './end-step.js';
import type { RunEvent } from './event.js';
import { issueStep } from './issue-step.js';
import { maxLapses, retryDelayMs, shouldRetry } from './policy.js';
import type { Turn } from './turn.js';

type Completed = Extract<RunEvent, { type: 'task.completed' }>;

/** What a worker reports under the current token. */
export const completeStep = (turn: Turn, { at, step, worker, durationMs, result }: Completed): void => {
  const startedAt = turn.step(step).startedAt ?? at - durationMs;
  turn.changeStep(step, { worker, startedAt });
  if (result.status === 'failed') {
    // A worker that is stopped gives its task back; that says nothing about the step.
    return result.error.code === 'cancelled'
      ? reissueStep(turn, step, at, `worker ${worker} was stopped`)
      : failAttempt(turn, step, at, result.error);
  }
  const { outputs, problem } = checkOutputs(turn.planned(step), result.outputs);
  if (problem !== undefined)
    return endStep(turn, step, at, {
      status: 'failed',
      error: { code: 'internal', message: problem, retryable: false },
    });
  const metrics = result.metrics ?? {};
  const { cacheKey } = turn.step(step);
  if (cacheKey !== undefined)
    turn.command({ type: 'keep-result', step, key: cacheKey, result: { outputs, metrics } });
  turn.note('info', `succeeded after ${Math.round(at - startedAt)} ms on ${worker}`, step);
  endStep(turn, step, at, { status: 'succeeded', outputs, metrics, error: undefined });
};

const outOfTime = (error: ErrorBody, stepTimeoutMs: number | undefined): ErrorBody => ({
  ...error,
  code: 'deadline_exceeded',
  message: `no time is left for another attempt within ${stepTimeoutMs} ms: ${error.message}`,
  retryable: false,
});

/** An attempt failed: another one later, if the policy has one left, or the end of the step. */
export const failAttempt = (turn: Turn, step: number, at: number, error: ErrorBody): void => {
  const { attempt, attemptsBefore = 0, giveUpAt = Infinity } = turn.step(step);
  const { retry, name } = turn.planned(step);
  if (!shouldRetry(retry, attempt - attemptsBefore, error))
    return endStep(turn, step, at, { status: 'failed', error });
  const delayMs = retryDelayMs(retry, attempt - attemptsBefore, `${turn.state.run}/${name}`);
  if (at + delayMs >= giveUpAt)
    return endStep(turn, step, at, {
      status: 'failed',
      error: outOfTime(error, turn.planned(step).stepTimeoutMs),
    });
  turn.changeStep(step, { status: 'waiting', dueAt: at + delayMs, deadline: undefined, error });
  turn.command({ type: 'schedule-retry', step, attempt, delayMs });
  turn.note(
    'warn',
    `attempt ${attempt} failed: ${error.message} (${error.code}); again in ${delayMs} ms`,
    step,
  );
};

/** The worker is lost, not the attempt: the same again under a new token, until that has been enough. */
export const reissueStep = (
  turn: Turn,
  step: number,
  at: number,
  why: string,
  crashes = turn.step(step).crashes,
): void => {
  const { attempt, lapses, giveUpAt = Infinity } = turn.step(step);
  const fail = (error: ErrorBody): void => endStep(turn, step, at, { status: 'failed', error });
  const lost = { code: 'unavailable', message: why, retryable: false } as const;
  if (at >= giveUpAt) return fail(outOfTime(lost, turn.planned(step).stepTimeoutMs));
  if (lapses >= maxLapses) return fail({ ...lost, message: `${why}, for the ${lapses + 1}th time` });
  turn.note('warn', `${why}: issued again`, step);
  issueStep(turn, step, at, attempt, { lapses: lapses + 1, crashes });
};

/** A worker's process is gone, and had the step in hand: once is an accident, again and again is the step's doing. */
export const loseWorker = (turn: Turn, step: number, at: number, limit: number): void => {
  const { worker = 'not known by name', crashes: before = 0 } = turn.step(step);
  const crashes = before + 1;
  if (crashes < limit)
    return reissueStep(turn, step, at, `worker ${worker} died with it (${crashes} of ${limit})`, crashes);
  const times = crashes === 1 ? 'once' : `${crashes} times`;
  endStep(turn, step, at, {
    status: 'failed',
    error: {
      code: 'unavailable',
      message: `killed its worker ${times}; the last one was ${worker}`,
      retryable: false,
      details: { crashes },
    },
  });
};
