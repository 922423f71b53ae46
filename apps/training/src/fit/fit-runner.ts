import type { FitJob, FitReport, FittedModel } from './fit-job.js';

export interface FitRunOptions {
  report: (report: FitReport) => void;
  signal: AbortSignal;
}

/** Where fits are done. */
export abstract class FitRunner {
  /** @throws DomainError as `trainModel` does, or the signal's reason */
  abstract fit(job: FitJob, options: FitRunOptions): Promise<FittedModel>;
}
