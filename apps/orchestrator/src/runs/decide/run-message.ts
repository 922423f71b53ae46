import type { ErrorBody, PortValue } from '@millrace/contracts';

/** How a run ended, for the step that it was begun for. */
export interface ChildEnd {
  status: 'succeeded' | 'failed' | 'cancelled';
  /** Its steps' outputs as `step__port`, where it succeeded. */
  outputs?: { readonly [port: string]: PortValue };
  error?: ErrorBody;
}

/** What one run has to tell another: kept with the change that causes it, gone with the change that it causes. */
export type RunMessage =
  /** To the parent. `step` is a name, `attempt` the one that it was last begun, or opened again, for. */
  | ({ type: 'child.finished'; step: string; attempt: number; child: string } & ChildEnd)
  /** To a child; with `all`, what runs in any case is cancelled, too. */
  | { type: 'cancel.asked'; all: boolean }
  | { type: 'pause.asked' }
  | { type: 'unpause.asked' }
  /** Its end is to be told for this attempt from now on. */
  | { type: 'resume.asked'; attempt: number };
