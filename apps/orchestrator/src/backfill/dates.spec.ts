import fc from 'fast-check';
import { datesOf } from './dates.js';

describe('the dates of a range', () => {
  it('are those of the calendar, the last one included', () => {
    expect(datesOf('2024-02-27', '2024-03-01', 'day')).toEqual([
      '2024-02-27',
      '2024-02-28',
      '2024-02-29',
      '2024-03-01',
    ]);
    expect(datesOf('2026-12-28', '2027-01-12', 'week')).toEqual(['2026-12-28', '2027-01-04', '2027-01-11']);
    expect(datesOf('2026-01-01', '2026-01-01', 'month')).toEqual(['2026-01-01']);
  });

  it('keep the day of the month, or end with it', () => {
    expect(datesOf('2026-01-31', '2026-05-31', 'month')).toEqual([
      '2026-01-31',
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2026-05-31',
    ]);
  });

  it.each([
    ['2026-02-30', '2026-03-01', 'from: is no date'],
    ['2026-01-01', '2026-13-01', 'to: is no date'],
    ['2026-01-02', '2026-01-01', 'to: lies before 2026-01-02'],
    ['0001-01-01', '9999-12-31', 'to: makes more than 5000 dates'],
  ])('are none from %s to %s', (from, to, message) => {
    expect(() => datesOf(from, to, 'day')).toThrow(message);
  });

  it('grow, each once, within the range', () => {
    const day = fc
      .integer({ min: 0, max: 20_000 })
      .map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));
    fc.assert(
      fc.property(
        day,
        fc.integer({ min: 0, max: 3_000 }),
        fc.constantFrom('day', 'week', 'month'),
        (from, days, every) => {
          const to = new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10);
          const dates = datesOf(from, to, every as 'day');
          expect(dates[0]).toBe(from);
          expect(dates.every((date, i) => date <= to && (i === 0 || date > dates[i - 1]!))).toBe(true);
        },
      ),
    );
  });
});
