import type { ErrorBody } from '@millrace/contracts';
import type { FitJob, FitReport, FittedModel } from './fit-job.js';

/** What a worker thread is started with. */
export interface WorkerStart {
  job: FitJob;
  /** One Int32 that turns 1 on cancellation: it is seen in the midst of arithmetic, where no message comes in. */
  cancelled: SharedArrayBuffer;
}

/** To the worker: end what you are waiting for. */
export const cancelMessage = 'cancel';

/** From the worker. */
export type WorkerMessage =
  | { kind: 'report'; report: FitReport }
  | { kind: 'done'; model: FittedModel }
  | { kind: 'failed'; error: ErrorBody };
