import type { Cron } from './cron.js';
import type { CatchUp } from './schedule.js';

/** A tick up to this late is still on time: a restart, a short absence of the database, a standstill. */
export const graceMs = 60_000;
/** How much is caught up with at once; what is left comes with the next look. */
export const maxTicks = 100;

export interface TickPlan {
  /** To start now, oldest first. Epoch milliseconds. */
  ticks: number[];
  /** The first of those that are left out for good. */
  missed?: number;
  /** When to look again; `undefined` where no tick will follow. */
  next?: number;
}

/**
 * Where to go on from. A clock that is set back a little does not bring ticks again; one that was far ahead for a while
 * must not silence a schedule until then, so it begins anew, and what was started already is known by its key.
 */
export const soundMark = (now: number, mark: number): number => (mark > now + graceMs ? now : mark);

/** The first tick to start: those that are too late for this policy are not even counted. */
const firstOf = (now: number, cron: Cron, from: number, catchUp: CatchUp): number | undefined => {
  if (catchUp === 'all') return cron.after(from);
  const onTime = cron.after(Math.max(from, now - graceMs - 1));
  if (catchUp === 'none' || (onTime !== undefined && onTime <= now)) return onTime;
  const latest = cron.before(now - graceMs);
  return latest !== undefined && latest > from ? latest : onTime;
};

/** What is due, where ticks up to `mark` are settled. Pure. */
export const planTicks = (now: number, cron: Cron, mark: number, catchUp: CatchUp): TickPlan => {
  const from = soundMark(now, mark);
  const first = firstOf(now, cron, from, catchUp);
  const ticks: number[] = [];
  let next = first;
  while (next !== undefined && next <= now && ticks.length < maxTicks) {
    ticks.push(next);
    next = cron.after(next);
  }
  const oldest = cron.after(from);
  return {
    ticks,
    ...(oldest !== undefined && oldest <= now && oldest < (first ?? Infinity) ? { missed: oldest } : {}),
    ...(next === undefined ? {} : { next }),
  };
};
