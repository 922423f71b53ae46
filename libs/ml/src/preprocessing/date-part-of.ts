import type { DatePart } from './preprocessing-spec.js';

const dayMs = 86_400_000;

/** Non-negative remainder. */
const modulo = (x: number, m: number): number => {
  const r = x % m;
  // Of −0 too: 0.
  return r < 0 ? r + m : Math.abs(r);
};

/** Year, month and day of a day count since 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
const civilFromDays = (days: number): { year: number; month: number; day: number } => {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
};

const extract: Record<DatePart, (ms: number) => number> = {
  year: (ms) => civilFromDays(Math.floor(ms / dayMs)).year,
  month: (ms) => civilFromDays(Math.floor(ms / dayMs)).month,
  day: (ms) => civilFromDays(Math.floor(ms / dayMs)).day,
  weekday: (ms) => modulo(Math.floor(ms / dayMs) + 4, 7),
  hour: (ms) => Math.floor(modulo(ms, dayMs) / 3_600_000),
  minute: (ms) => Math.floor(modulo(ms, 3_600_000) / 60_000),
};

/** One part of a UTC timestamp in epoch milliseconds, also before 1970; NaN of NaN. */
export const datePartOf = (part: DatePart, ms: number): number =>
  Number.isFinite(ms) ? extract[part](Math.floor(ms)) : NaN;
