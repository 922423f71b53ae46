import type { LogReport, RunStatus, Task } from '@millrace/contracts';
import type { CachedResult } from './event.js';
import type { RunMessage } from './run-message.js';

/** What a decision asks of the shell. `step` is a position in the plan. */
export type Command =
  /** To be answered with `cache.answered`, before anything is saved. */
  | { type: 'consult-cache'; step: number; key: string }
  | { type: 'issue-task'; step: number; task: Task }
  | { type: 'cancel-task'; step: number; token: number }
  /** To be answered with `retry.due` after the delay. */
  | { type: 'schedule-retry'; step: number; attempt: number; delayMs: number }
  /** To be answered with `child.prepared` or `child.finished`, before anything is saved. */
  | { type: 'prepare-child'; step: number; attempt: number; params: Task['params']; before?: string }
  /** The run that was prepared is to be saved together with this. */
  | { type: 'begin-child'; step: number; child: string }
  | { type: 'tell-run'; run: string; message: RunMessage }
  | { type: 'keep-result'; step: number; key: string; result: CachedResult }
  | { type: 'finish-run'; status: RunStatus }
  /** For the run's log: what its worker said of a step, … */
  | { type: 'keep-lines'; step: number; log: LogReport }
  /** … and what happened. */
  | { type: 'note'; step?: number; level: 'info' | 'warn' | 'error'; message: string };
