import fc from 'fast-check';
import { cronOf, cronProblems } from './cron.js';

const ticksAfter = (text: string, timezone: string, from: string, count: number): string[] => {
  const cron = cronOf(text, timezone);
  const ticks: string[] = [];
  for (let at: number | undefined = Date.parse(from); at !== undefined && ticks.length < count;) {
    at = cron.after(at);
    if (at !== undefined) ticks.push(new Date(at).toISOString().slice(0, 16));
  }
  return ticks;
};

const local = (ms: number, timeZone: string) =>
  new Intl.DateTimeFormat('sv', {
    timeZone,
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  } as Intl.DateTimeFormatOptions).format(ms);

describe('cron', () => {
  it.each([
    [
      'a fixed time in the gap is due at its end',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      ['2026-03-29T01:00', '2026-03-30T00:30'],
    ],
    [
      'a fixed time that comes twice is due once',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00Z',
      ['2026-10-25T00:30', '2026-10-26T01:30'],
    ],
    [
      'a list of hours is of fixed times',
      '30 2,14 * * *',
      'Europe/Berlin',
      '2026-10-24T22:00Z',
      ['2026-10-25T00:30', '2026-10-25T13:30'],
    ],
    [
      'New York, fall',
      '15 1 * * *',
      'America/New_York',
      '2026-10-31T12:00Z',
      ['2026-11-01T05:15', '2026-11-02T06:15'],
    ],
    [
      'New York, spring',
      '15 2 * * *',
      'America/New_York',
      '2026-03-07T12:00Z',
      ['2026-03-08T07:00', '2026-03-09T06:15'],
    ],
    [
      'Lord Howe falls back by half an hour',
      '45 1 * * *',
      'Australia/Lord_Howe',
      '2026-04-03T15:00Z',
      ['2026-04-04T14:45', '2026-04-05T15:15'],
    ],
    [
      'Lord Howe springs forward by half an hour',
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-02T16:00Z',
      ['2026-10-03T15:30', '2026-10-04T15:15'],
    ],
    [
      'steps go on through the hour that comes twice',
      '*/30 * * * *',
      'Europe/Berlin',
      '2026-10-24T23:45Z',
      ['2026-10-25T00:00', '2026-10-25T00:30', '2026-10-25T01:00', '2026-10-25T01:30', '2026-10-25T02:00'],
    ],
    ['29 February', '0 0 29 2 *', 'UTC', '2026-01-01T00:00Z', ['2028-02-29T00:00', '2032-02-29T00:00']],
    [
      'the last day of the month',
      '0 6 L * *',
      'UTC',
      '2028-01-31T12:00Z',
      ['2028-02-29T06:00', '2028-03-31T06:00'],
    ],
    [
      'weekdays',
      '0 6 * * 1-5',
      'Europe/Berlin',
      '2026-11-20T12:00Z',
      ['2026-11-23T05:00', '2026-11-24T05:00'],
    ],
    ['a nickname', '@daily', 'UTC', '2026-01-01T00:00Z', ['2026-01-02T00:00']],
  ])('%s', (_, text, timezone, from, expected) => {
    expect(ticksAfter(text, timezone, from, expected.length)).toEqual(expected);
  });

  it.each([
    ['', 'UTC', ['cron']],
    ['* * * *', 'UTC', ['cron']],
    ['61 * * * *', 'UTC', ['cron']],
    ['0 0 30 2 *', 'UTC', ['cron']],
    ['2026-01-02T00:00:00', 'UTC', ['cron']],
    [`${'0,'.repeat(200)}0 * * * *`, 'UTC', ['cron']],
    ['x', 'Mars/Base', ['cron', 'timezone']],
    ['0 6 * * 1-5', '../../etc/passwd', ['timezone']],
    ['0 6 * * 1-5', 'Europe/Berlin', []],
    ['*/10 * * * * *', 'UTC', []],
  ])('finds what is wrong with %j in %j', (text, timezone, fields) => {
    expect(cronProblems(text, timezone).map(({ field }) => field)).toEqual(fields);
  });

  const zone = fc.constantFrom(
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'UTC',
    'Asia/Kathmandu',
  );
  const text = fc.constantFrom(
    '30 2 * * *',
    '*/15 * * * *',
    '0 * * * *',
    '0 6 * * 1-5',
    '45 1,2 * * 0',
    '0 0 29 2 *',
    '0 1-3/2 * * *',
  );
  const moment = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2034, 0) });

  it('goes forwards only, and finds back', () => {
    fc.assert(
      fc.property(text, zone, moment, (pattern, timezone, at) => {
        const cron = cronOf(pattern, timezone);
        const next = cron.after(at) ?? NaN;
        expect(next).toBeGreaterThan(at);
        expect(cron.after(next - 1)).toBe(next);
        expect(cron.before(next + 1)).toBe(next);
        const last = cron.before(at) ?? NaN;
        expect(last).toBeLessThan(at);
        // Nothing lies between them but the moment itself.
        expect([at, next]).toContain(cron.after(last));
      }),
      { numRuns: 300 },
    );
  });

  it('a daily time is due once on every local day, whatever the clocks do', () => {
    fc.assert(
      fc.property(
        zone,
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 2024, max: 2034 }),
        (timezone, hour, minute, year) => {
          const cron = cronOf(`${minute} ${hour} * * *`, timezone);
          const days: string[] = [];
          let at = cron.after(Date.UTC(year, 0, 2)) ?? NaN;
          for (; at < Date.UTC(year + 1, 0, 1); at = cron.after(at) ?? NaN)
            days.push(local(at, timezone).slice(0, 10));
          expect(new Set(days).size).toBe(days.length);
          expect(days.length).toBeGreaterThanOrEqual(362);
          const span = (Date.parse(days.at(-1) ?? '') - Date.parse(days[0] ?? '')) / 86_400_000 + 1;
          expect(days.length).toBe(span);
        },
      ),
      { numRuns: 40 },
    );
  });
});
