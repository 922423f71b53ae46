import type { Column } from '../table/table.js';
import { datePartOf } from './date-part-of.js';
import type { DatePart } from './preprocessing-spec.js';

/** A column's values as preprocessing sees them, float32: NaN where missing, infinite or out of float32's range. */
const numberAt = (x: number): number => {
  const rounded = Math.fround(x);
  return Number.isFinite(rounded) ? rounded : NaN;
};

/** What serving sees: numbers as float32, dates as one part. */
export const numericValues = (
  column: Exclude<Column, { kind: 'string' }>,
  part: DatePart | null,
): Float64Array =>
  part === null ? column.values.map(numberAt) : column.values.map((ms) => datePartOf(part, ms));

/** Null where missing or empty. */
export const stringValues = (column: Extract<Column, { kind: 'string' }>): (string | null)[] =>
  column.values.map((value) => (value === null || value === '' ? null : value));
