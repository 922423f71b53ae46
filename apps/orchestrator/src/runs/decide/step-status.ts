import type { RunStatus, StepStatus } from '@millrace/contracts';
import type { StepState } from './state.js';

const ends: ReadonlySet<StepStatus> = new Set(['succeeded', 'failed', 'cached', 'skipped', 'cancelled']);

export const isEnd = (status: StepStatus): boolean => ends.has(status);
export const isActive = (status: StepStatus): boolean => status === 'queued' || status === 'running';
/** Does a worker have it, or will one get it? What is under way without a task, such as a `foreach`, has no token. */
export const isOut = ({ status, token }: { status: StepStatus; token: number }): boolean =>
  isActive(status) && token > 0;
/** Is its task out, and with nobody yet? */
export const isQueued = ({ status, token }: { status: StepStatus; token: number }): boolean =>
  status === 'queued' && token > 0;
/** Not begun: neither asked for in the cache, nor held, nor waiting for its next attempt. */
export const isIdle = ({ status, dueAt, heldAt, cacheKey }: StepState): boolean =>
  status === 'waiting' && dueAt === undefined && heldAt === undefined && cacheKey === undefined;
export const hasResult = (status: StepStatus): boolean => status === 'succeeded' || status === 'cached';
export const isFinished = (status: RunStatus): boolean => status !== 'pending' && status !== 'running';
