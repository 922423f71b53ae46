import { Cron as Croner } from 'croner';

/** When something is due: the only importer of the cron library. Epoch milliseconds. */
export interface Cron {
  /** The first tick strictly after, or `undefined` where there is none. */
  after(ms: number): number | undefined;
  /** The last tick strictly before. */
  before(ms: number): number | undefined;
}

const nicknames = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/;
const maxLength = 200;

const timezoneProblem = (timezone: string): string | undefined => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    return undefined;
  } catch {
    return `'${timezone}' is no time zone: give a name such as Europe/Berlin`;
  }
};

const open = (text: string, timezone: string): Croner =>
  // A fixed time in the gap of a DST change is due when the gap ends, one that comes twice only the first time; with a
  // wildcard or a step in hours, minutes or seconds, ticks follow one another in real time.
  new Croner(text, { timezone, paused: true, fixedTimeRule: 'no-wildcard' });

const textProblem = (text: string): string | undefined => {
  if (text.length > maxLength) return `is longer than ${maxLength} characters`;
  const trimmed = text.trim();
  const fields = trimmed.split(/\s+/).length;
  if (!nicknames.test(trimmed) && fields !== 5 && fields !== 6)
    return 'must have five fields (minute hour day month weekday), or six with seconds in front';
  try {
    // A day that never comes, such as 30 February, is a mistake too.
    return open(trimmed, 'UTC').nextRun() ? undefined : 'is never due';
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).replace(/^\w+: /, '');
  }
};

export interface CronProblem {
  field: 'cron' | 'timezone';
  message: string;
}

/** What is wrong with a schedule's texts; empty when nothing is. */
export const cronProblems = (text: string, timezone: string): CronProblem[] => {
  const cron = textProblem(text);
  const zone = timezoneProblem(timezone);
  return [
    ...(cron === undefined ? [] : [{ field: 'cron' as const, message: cron }]),
    ...(zone === undefined ? [] : [{ field: 'timezone' as const, message: zone }]),
  ];
};

/** For texts without problems only. */
export const cronOf = (text: string, timezone: string): Cron => {
  const croner = open(text.trim(), timezone);
  return {
    after: (ms) => croner.nextRun(new Date(ms))?.getTime(),
    before: (ms) => croner.previousRuns(1, new Date(ms))[0]?.getTime(),
  };
};
