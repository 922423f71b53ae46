import { DomainError, type Task } from '@millrace/contracts';

/**
 * How long an attempt that is begun now may take, in milliseconds. A `timeoutMs` is all that counts where there is one:
 * our clock need not be the one that `deadline` was read from, and a task that is over by the orchestrator's clock is
 * cancelled by it as soon as we are heard to work on it.
 * @param now epoch milliseconds
 */
export const taskLimitMs = (
  { timeoutMs, deadline }: Pick<Task, 'timeoutMs' | 'deadline'>,
  now: number,
): number => timeoutMs ?? deadline - now;

export const tooLate = ({ timeoutMs, deadline }: Pick<Task, 'timeoutMs' | 'deadline'>): DomainError =>
  new DomainError(
    'deadline_exceeded',
    timeoutMs === undefined
      ? `not done by ${new Date(deadline).toISOString()}`
      : `not done within ${timeoutMs} ms`,
  );
