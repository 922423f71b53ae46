import type { TaskIdentity } from '../checks/parse-task.js';

const keyOf = ({ run, step, token }: Pick<TaskIdentity, 'run' | 'step' | 'token'>): string =>
  `${run}/${step}/${token}`;

/** The tasks that this process works on now, so that they can be aborted. */
export class RunningTasks {
  private readonly tasks = new Map<string, AbortController>();

  has(task: TaskIdentity): boolean {
    return this.tasks.has(keyOf(task));
  }

  /** The signal of a new task, and how to forget it. */
  start(task: TaskIdentity): { controller: AbortController; end(): void } {
    const key = keyOf(task);
    const controller = new AbortController();
    this.tasks.set(key, controller);
    return { controller, end: () => void this.tasks.delete(key) };
  }

  /** Aborts the one that a message on the cancel subject names. What is not here, or not such a message, is nothing to us. */
  cancel(message: unknown, reason: Error): void {
    if (typeof message !== 'object' || message === null) return;
    const { run, step, token } = message as Partial<TaskIdentity>;
    if (typeof run !== 'string' || typeof step !== 'string' || typeof token !== 'number') return;
    this.tasks.get(keyOf({ run, step, token }))?.abort(reason);
  }

  abortAll(reason: Error): void {
    for (const controller of this.tasks.values()) controller.abort(reason);
  }
}
