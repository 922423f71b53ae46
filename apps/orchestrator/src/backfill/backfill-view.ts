import type { BackfillView } from '@millrace/contracts';
import type { BackfillDateRow, BackfillRow } from './backfill.entity.js';

export type Counts = Record<string, number>;

export const countsOf = (dates: readonly BackfillDateRow[]): Counts => {
  const counts: Counts = {};
  for (const { status } of dates) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

export const toBackfillView = (
  { id, createdAt, error, idempotencyKey: _, ...row }: BackfillRow,
  counts: Counts,
  dates: readonly BackfillDateRow[],
): BackfillView => ({
  backfill: id,
  ...row,
  counts,
  createdAt: new Date(createdAt).toISOString(),
  ...(error === null ? {} : { error }),
  dates: dates.map(({ date, status, run, attempts }) => ({
    date,
    status,
    attempts,
    ...(run === null ? {} : { run }),
  })),
});
