import type { ErrorBody } from '@millrace/contracts';

/** What may happen to a run of the model. `pick` is one of all that it could be about, long gone ones too. */
export type Move =
  | { type: 'start' }
  | { type: 'cancel'; rarely: number }
  | { type: 'answer'; pick: number; hit: boolean }
  | { type: 'begin' | 'succeed' | 'lapse' | 'time-out' | 'retry'; pick: number }
  | { type: 'wear-out'; pick: number; crash: boolean }
  | { type: 'fail'; pick: number; error: ErrorBody }
  | { type: 'pause.asked' }
  | { type: 'unpause.asked' }
  | { type: 'resume.asked' }
  | { type: 'retry-step'; pick: number }
  | { type: 'grant'; component: string }
  | { type: 'decide'; pick: number; approved: boolean }
  | { type: 'prepare'; pick: number; refused: boolean }
  | { type: 'child-ends'; pick: number; how: 'succeeded' | 'failed' | 'cancelled' };
