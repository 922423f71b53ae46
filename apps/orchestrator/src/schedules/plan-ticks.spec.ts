import fc from 'fast-check';
import { cronOf, type Cron } from './cron.js';
import { graceMs, maxTicks, planTicks } from './plan-ticks.js';
import { catchUpPolicies as catchUps } from '@millrace/contracts';
import type { CatchUp } from './schedule.js';

const hour = 3_600_000;
const at = (text: string) => Date.parse(text);
const hourly = cronOf('0 * * * *', 'Europe/Berlin');
const isoOf = (ticks: number[]) => ticks.map((tick) => new Date(tick).toISOString().slice(11, 16));

/** A schedule under a clock that somebody moves: what it starts, with the times of the clock and of the world. */
const live = (cron: Cron, catchUp: CatchUp, begin: number, moves: { elapsed: number; jump: number }[]) => {
  const started: { tick: number; now: number; markBefore: number }[] = [];
  let now = begin;
  let mark = begin;
  for (const { elapsed, jump } of moves) {
    now += elapsed + jump;
    for (let rounds = 0; rounds < 1_000; rounds++) {
      const { ticks, next } = planTicks(now, cron, mark, catchUp);
      started.push(...ticks.map((tick) => ({ tick, now, markBefore: mark })));
      mark =
        ticks.at(-1) ?? Math.max(mark > now + graceMs ? now : mark, (next ?? Infinity) > now ? now : mark);
      if (next === undefined || next > now) break;
    }
  }
  return started;
};

describe('planTicks', () => {
  const now = at('2026-11-23T09:30Z');
  const mark = at('2026-11-23T05:30Z');

  it.each([
    ['none', []],
    ['latest', ['09:00']],
    ['all', ['06:00', '07:00', '08:00', '09:00']],
  ] as const)('after four hours away, catching up with %s', (catchUp, expected) => {
    const plan = planTicks(now, hourly, mark, catchUp);
    expect(isoOf(plan.ticks)).toEqual(expected);
    expect(plan.next).toBe(at('2026-11-23T10:00Z'));
    expect(plan.missed).toBe(catchUp === 'all' ? undefined : at('2026-11-23T06:00Z'));
  });

  it.each(catchUps)('a tick up to a minute late is on time, catching up with %s', (catchUp) => {
    const settled = at('2026-11-23T08:30Z');
    expect(isoOf(planTicks(at('2026-11-23T09:01:00Z'), hourly, settled, catchUp).ticks)).toEqual(['09:00']);
    expect(planTicks(at('2026-11-23T08:59:59.999Z'), hourly, settled, catchUp).ticks).toEqual([]);
  });

  it('where one is on time, the latest is that one', () => {
    expect(isoOf(planTicks(at('2026-11-23T09:00:10Z'), hourly, mark, 'latest').ticks)).toEqual(['09:00']);
  });

  it('goes on with what is left when there is much to catch up with', () => {
    const begin = at('2026-01-01T00:00Z');
    const { ticks, next } = planTicks(now, hourly, begin, 'all');
    expect(ticks).toHaveLength(maxTicks);
    expect(next).toBe(begin + (maxTicks + 1) * hour);
  });

  it('is quick about a decade of seconds that nobody wants', () => {
    const everySecond = cronOf('* * * * * *', 'UTC');
    const { ticks } = planTicks(now, everySecond, at('2016-01-01T00:00Z'), 'latest');
    expect(ticks.length).toBeLessThanOrEqual(maxTicks);
  });

  it('does not repeat a tick when the clock is set back a little', () => {
    const tick = at('2026-11-23T09:00Z');
    expect(planTicks(tick - 5, hourly, tick, 'all')).toEqual({ ticks: [], next: tick + hour });
  });

  it('is not silenced by a clock that was in the wrong century', () => {
    expect(planTicks(now, hourly, at('2126-01-01T00:00Z'), 'none').next).toBe(at('2026-11-23T10:00Z'));
  });

  const cron = fc
    .tuple(
      fc.constantFrom('30 2 * * *', '*/15 * * * *', '0 * * * *', '0 6 * * 1-5', '45 1,2 * * *'),
      fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'),
    )
    .map(([text, timezone]) => cronOf(text, timezone));
  const begin = fc.oneof(
    // Around the changes of the clocks, and anywhere.
    fc
      .constantFrom(
        '2026-03-28',
        '2026-10-24',
        '2026-03-07',
        '2026-10-31',
        '2026-04-04',
        '2026-10-03',
        '2028-02-28',
      )
      .map(at),
    fc.integer({ min: at('2024-01-01'), max: at('2034-01-01') }),
  );
  const elapsed = fc.oneof(fc.integer({ min: 0, max: 2 * graceMs }), fc.integer({ min: 0, max: 50 * hour }));
  const still = fc.array(
    elapsed.map((ms) => ({ elapsed: ms, jump: 0 })),
    { minLength: 1, maxLength: 6 },
  );
  const jumping = fc.array(
    fc.record({ elapsed, jump: fc.oneof(fc.constant(0), fc.integer({ min: -30 * hour, max: 30 * hour })) }),
    { minLength: 1, maxLength: 6 },
  );

  it('catching up with all, starts every tick once, in order, however long it is away', () => {
    fc.assert(
      fc.property(cron, begin, still, (pattern, from, moves) => {
        const end = from + moves.reduce((sum, move) => sum + move.elapsed, 0);
        const expected: number[] = [];
        for (let tick = pattern.after(from); tick !== undefined && tick <= end; tick = pattern.after(tick))
          expected.push(tick);
        expect(live(pattern, 'all', from, moves).map(({ tick }) => tick)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('never starts early, and starts twice only what a clock set back by more than a minute brings again', () => {
    fc.assert(
      fc.property(cron, begin, jumping, fc.constantFrom(...catchUps), (pattern, from, moves, catchUp) => {
        const seen = new Set<number>();
        for (const { tick, now: clock, markBefore } of live(pattern, catchUp, from, moves)) {
          expect(tick).toBeLessThanOrEqual(clock);
          if (catchUp === 'none') expect(tick).toBeGreaterThanOrEqual(clock - graceMs);
          expect(tick).toBeGreaterThan(Math.min(markBefore, clock - graceMs) - 1);
          expect(pattern.after(tick - 1)).toBe(tick);
          if (moves.every(({ elapsed: ms, jump }) => ms + jump >= -graceMs / 6))
            expect(seen.has(tick)).toBe(false);
          seen.add(tick);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('catching up with the latest, misses only what another tick makes up for', () => {
    fc.assert(
      fc.property(cron, begin, elapsed, (pattern, from, away) => {
        const clock = from + away;
        const { ticks } = planTicks(clock, pattern, from, 'latest');
        const last = pattern.before(clock + 1);
        expect(ticks.at(-1)).toBe(last !== undefined && last > from ? last : undefined);
        expect(ticks.length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 60 },
    );
  });
});
