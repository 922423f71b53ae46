import type { JsonValue } from '@millrace/contracts';
import { random, type Column, type ColumnKind, type FittedPreprocessing, type Table } from '@millrace/ml';

type Row = Record<string, JsonValue>;

const most = 32;
/** Longer texts cannot be asked with. */
const longestText = 1000;
/** Times that calendars get wrong: before 1970, a leap day, a century that is no leap year. */
const oddTimes = ['1969-12-31T23:59:59.999Z', '2000-02-29T12:30:00.000Z', '1900-03-01T00:00:00.000Z'];
const unknownText = 'never seen ☃';

/**
 * Up to 32 rows to try a model with: each column missing, all missing, unknown categories, odd times, the rows with each
 * column's smallest and largest value, and a random sample of the others.
 */
export const goldenRows = (fitted: FittedPreprocessing, table: Table, seed: number): Row[] => {
  const names = fitted.columns.map(({ name }) => name);
  const rowAt = (row: number): Row =>
    Object.fromEntries(names.map((name) => [name, plainValue(table.columns[name]!, row)]));
  const source = random(seed);
  const some = () => rowAt(source.below(table.rows));
  const rows = [
    Object.fromEntries(names.map((name) => [name, null])),
    ...oddTimes.map((time) => withValue(some(), fitted, 'timestamp', time)),
    withValue(some(), fitted, 'string', unknownText),
    ...names.slice(0, 8).map((name) => ({ ...some(), [name]: null })),
    ...names.slice(0, 6).flatMap((name) => extremes(table.columns[name]!).map(rowAt)),
  ];
  for (let i = 0; i < most; i++) rows.push(some());
  const distinct = new Map(rows.map((row) => [JSON.stringify(row), row]));
  return [...distinct.values()].slice(0, most);
};

/** Those rows as a table again: what the trainer's own answers are computed from. */
export const tableOf = (fitted: FittedPreprocessing, rows: readonly Row[]): Table => ({
  rows: rows.length,
  columns: Object.fromEntries(
    fitted.columns.map(({ name, kind }) => [
      name,
      columnOf(
        kind,
        rows.map((row) => row[name] ?? null),
      ),
    ]),
  ),
});

const withValue = (row: Row, fitted: FittedPreprocessing, kind: ColumnKind, value: JsonValue): Row => ({
  ...row,
  ...Object.fromEntries(
    fitted.columns.filter((column) => column.kind === kind).map(({ name }) => [name, value]),
  ),
});

const extremes = (column: Column): number[] => {
  if (column.kind === 'string') return [];
  let [least, largest] = [-1, -1];
  column.values.forEach((x, row) => {
    if (Number.isNaN(x)) return;
    if (least < 0 || x < column.values[least]!) least = row;
    if (largest < 0 || x > column.values[largest]!) largest = row;
  });
  return least < 0 ? [] : [least, largest];
};

const plainValue = (column: Column, row: number): JsonValue => {
  const value = column.values[row] ?? null;
  if (typeof value === 'string') return value.length > longestText ? null : value;
  if (value === null || Number.isNaN(value)) return null;
  if (column.kind === 'boolean') return value !== 0;
  if (column.kind === 'number') return Number.isFinite(Math.fround(value)) ? value : null;
  const time = new Date(Math.floor(value));
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
};

const columnOf = (kind: ColumnKind, values: JsonValue[]): Column => {
  if (kind === 'string') return { kind, values: values as (string | null)[] };
  const number = (value: JsonValue) =>
    value === null ? NaN : kind === 'timestamp' ? Date.parse(value as string) : Number(value);
  return { kind, values: Float64Array.from(values, number) };
};
