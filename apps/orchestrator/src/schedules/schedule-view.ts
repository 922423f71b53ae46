import type { ScheduleView, Tick } from '@millrace/contracts';
import { cronOf } from './cron.js';
import type { ScheduleRow } from './schedule.entity.js';

const isoOf = (ms: number) => new Date(ms).toISOString();

export const viewOf = (row: ScheduleRow, now: number): ScheduleView => {
  const { pipeline, cron, timezone, catchUp, params, paused, mark, lastTick, lastRun, error } = row;
  const next = paused ? undefined : cronOf(cron, timezone).after(Math.max(mark, now));
  return {
    ...{ pipeline, cron, timezone, catchUp, params, paused },
    ...(next === undefined ? {} : { next: isoOf(next) }),
    ...(lastTick === null ? {} : { last: isoOf(lastTick) }),
    ...(lastRun === null ? {} : { lastRun }),
    ...(error === null ? {} : { error }),
  };
};

/** RFC 3339 on the clocks of a time zone: `2026-03-29T03:00:00+02:00` */
export const localTime = (ms: number, timeZone: string): string => {
  const parts = new Intl.DateTimeFormat('en', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'longOffset' },
  } as Intl.DateTimeFormatOptions).formatToParts(ms);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? '';
  const offset = part('timeZoneName').slice('GMT'.length) || '+00:00';
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}${offset}`;
};

/** The next ticks after a moment. */
export const ticksAfter = (
  { cron, timezone }: { cron: string; timezone: string },
  from: number,
  count: number,
): Tick[] => {
  const { after } = cronOf(cron, timezone);
  const ticks: Tick[] = [];
  for (let at = after(from); at !== undefined && ticks.length < count; at = after(at))
    ticks.push({ at: isoOf(at), local: localTime(at, timezone) });
  return ticks;
};
