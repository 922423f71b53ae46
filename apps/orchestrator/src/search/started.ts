import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { newRunId } from '../runs/run-id.js';

/** A run's id begins with the time of its start: all ids from that moment on sort behind this. */
export const firstIdAt = (rfc3339: string): string =>
  newRunId(Math.min(Math.max(0, Date.parse(rfc3339)), 2 ** 48 - 1)).slice(0, 10);

/** Narrows by the time of the run's start, along the index of its id. */
export const startedWithin = (
  query: SelectQueryBuilder<ObjectLiteral>,
  run: string,
  { since, until }: { since?: string; until?: string },
): void => {
  if (since !== undefined) query.andWhere(`${run} >= :since`, { since: firstIdAt(since) });
  if (until !== undefined) query.andWhere(`${run} < :until`, { until: firstIdAt(until) });
};
