import fc from 'fast-check';
import { datePartOf } from './date-part-of.js';
import { dateParts, type DatePart } from './preprocessing-spec.js';

const expected: Record<DatePart, (date: Date) => number> = {
  year: (date) => date.getUTCFullYear(),
  month: (date) => date.getUTCMonth() + 1,
  day: (date) => date.getUTCDate(),
  weekday: (date) => date.getUTCDay(),
  hour: (date) => date.getUTCHours(),
  minute: (date) => date.getUTCMinutes(),
};

describe.each(dateParts)('%s', (part) => {
  it('is what Date says, also before 1970', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        expect(datePartOf(part, date.getTime())).toBe(expected[part](date));
      }),
      { numRuns: 1000 },
    );
  });

  it('is right at the edges of days, leap days and the epoch', () => {
    for (const iso of [
      '1969-12-31T23:59:59.999Z',
      '1970-01-01T00:00:00.000Z',
      '2000-02-29T12:00:00Z',
      '1900-02-28T23:59:59.999Z',
      '1900-03-01T00:00:00Z',
      '2100-12-31T23:59:00Z',
      '0000-01-01T00:00:00Z',
    ]) {
      expect(datePartOf(part, Date.parse(iso))).toBe(expected[part](new Date(iso)));
    }
  });

  it('of a missing time is NaN', () => {
    expect(datePartOf(part, NaN)).toBeNaN();
  });
});
