import type { TaskIdentity } from '../checks/parse-task.js';

/** Moments between which a crash makes a difference. */
export type TaskPoint = 'task taken' | 'work done' | 'completion accepted';

/** For fault tests: told whenever a task reaches a point, and may hold it there or end the process. */
export interface TaskPoints {
  reached(point: TaskPoint, task: TaskIdentity): void | Promise<void>;
}

/** Optional injection token of `TaskPoints`. */
export const TASK_POINTS = Symbol.for('millrace.task-points');

export const nothingAtPoints: TaskPoints = { reached: () => undefined };
