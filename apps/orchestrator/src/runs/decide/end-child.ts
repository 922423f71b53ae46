import type { ErrorBody } from '@millrace/contracts';
import { runsPipeline } from './child-steps.js';
import { failAttempt } from './complete-step.js';
import { endStep } from './end-step.js';
import type { RunEvent } from './event.js';
import { limitOf } from './time-limits.js';
import type { Turn } from './turn.js';

type Finished = Extract<RunEvent, { type: 'child.finished' }>;

const unknown: ErrorBody = { code: 'internal', message: 'for no given reason', retryable: false };

/** The run of a step is at its end, or there could be none. Of an earlier attempt, it is no news. */
export const endChild = (turn: Turn, finished: Finished): void => {
  const { at, step, attempt, child, status, outputs = {} } = finished;
  const own = turn.step(step);
  const planned = turn.planned(step);
  if (!runsPipeline(planned) || own.status !== 'running' || own.attempt !== attempt) return;
  const { stopping } = own;
  if (own.child !== undefined && own.child !== child) return;
  turn.changeStep(step, { stopping: undefined, ...(child === undefined ? {} : { child }) });
  const name = child === undefined ? `'${planned.pipeline}'` : `run ${child} of '${planned.pipeline}'`;
  // What was done before it could be stopped is done.
  if (status === 'succeeded') {
    turn.note('info', `${name} succeeded`, step);
    return endStep(turn, step, at, { status: 'succeeded', outputs, error: undefined });
  }
  if (stopping === 'cancel' || stopping === 'cancel-all')
    return endStep(turn, step, at, { status: 'cancelled' });
  const details = child === undefined ? {} : { run: child };
  if (stopping === 'time-out')
    return failAttempt(turn, step, at, {
      code: 'deadline_exceeded',
      message: `${name} was not done within ${limitOf(turn, step, at)} ms`,
      retryable: true,
      details,
    });
  if (status === 'cancelled')
    return endStep(turn, step, at, {
      status: 'failed',
      error: { code: 'cancelled', message: `${name} was cancelled`, retryable: false, details },
    });
  const { error = unknown } = finished;
  failAttempt(turn, step, at, {
    ...error,
    message: `${name}: ${error.message}`,
    details: { ...error.details, ...details },
  });
};
