import { InvalidRequest, type BackfillUnit } from '@millrace/contracts';

const dayMs = 86_400_000;
export const maxDates = 5_000;

/** Midnight of a date, in UTC; undefined for what is no date, such as 2026-02-30. */
const parse = (text: string): Date | undefined => {
  const at = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(at.getTime()) || format(at) !== text ? undefined : at;
};

const format = (at: Date): string => at.toISOString().slice(0, 10);

/** The n-th date: calendar dates know neither time zones nor summer time. */
const nth = (first: Date, every: BackfillUnit, n: number): Date => {
  if (every !== 'month') return new Date(first.getTime() + n * (every === 'week' ? 7 : 1) * dayMs);
  const [year, month] = [first.getUTCFullYear(), first.getUTCMonth() + n];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(first.getUTCDate(), lastDay)));
};

/**
 * All dates from the first to the last, that one included where it is hit.
 * @throws InvalidRequest for what is no date, a range that goes backwards, or more dates than anybody means
 */
export const datesOf = (from: string, to: string, every: BackfillUnit): string[] => {
  const [first, last] = [parse(from), parse(to)];
  const wrong = [
    ...(first ? [] : [{ field: 'from', message: 'is no date' }]),
    ...(last ? [] : [{ field: 'to', message: 'is no date' }]),
    ...(first && last && last < first ? [{ field: 'to', message: `lies before ${from}` }] : []),
  ];
  if (!first || !last || wrong.length > 0) throw new InvalidRequest(wrong);
  const dates: string[] = [];
  for (let date = first; date <= last; date = nth(first, every, dates.length)) {
    if (dates.length === maxDates)
      throw new InvalidRequest([{ field: 'to', message: `makes more than ${maxDates} dates` }]);
    dates.push(format(date));
  }
  return dates;
};
