/** How requests of one model wait, and for what. */
export interface QueueOptions {
  /** Requests that wait; more are refused at once with `overloaded`. */
  maxQueued: number;
  /** Rows that run together. */
  maxBatchRows: number;
  /** How long the first of a batch may wait for company although a runner is free. Default 0: not at all. */
  maxBatchDelayMs?: number;
  /** Ascending: the largest of these that is there runs, and does not wait for more. */
  preferredBatchRows?: readonly number[];
  /** Rows of several requests may run as one. */
  batchable: boolean;
}

/** Rows of the next batch at most, of those that wait. */
export const batchLimit = (
  waitingRows: number,
  { maxBatchRows, preferredBatchRows = [] }: QueueOptions,
): number =>
  preferredBatchRows.findLast((rows) => rows <= waitingRows && rows <= maxBatchRows) ?? maxBatchRows;

/** Is there enough for a batch that nothing is gained by waiting? */
export const isWorthRunning = (
  waitingRows: number,
  { maxBatchRows, preferredBatchRows = [] }: QueueOptions,
): boolean => waitingRows >= Math.min(maxBatchRows, preferredBatchRows[0] ?? maxBatchRows);
