import type { RunStatus, Task } from '@millrace/contracts';
import type { CachedResult } from './event.js';

/** What a decision asks of the shell. `step` is a position in the plan. */
export type Command =
  /** To be answered with `cache.answered`, before anything is saved. */
  | { type: 'consult-cache'; step: number; key: string }
  | { type: 'issue-task'; step: number; task: Task }
  | { type: 'cancel-task'; step: number; token: number }
  /** To be answered with `retry.due` after the delay. */
  | { type: 'schedule-retry'; step: number; attempt: number; delayMs: number }
  | { type: 'keep-result'; step: number; key: string; result: CachedResult }
  | { type: 'finish-run'; status: RunStatus }
  /** For the run's log. */
  | { type: 'note'; step?: number; level: 'info' | 'warn' | 'error'; message: string };
