import type { ColumnExpectation, Expectation } from './expectation.js';

/** A row that offends: its number in the dataset, from 1, and its values, those of the column in question first. */
export interface OffendingRow {
  row: number;
  values: Record<string, unknown>;
}

/** What came of one expectation. */
export interface Outcome {
  expectation: Expectation;
  success: boolean;
  /** Names column, expectation and counts. */
  message: string;
  /** Of so many rows that count, so many offend. */
  counted?: number;
  offending?: number;
  rows?: OffendingRow[];
}

export const existence = (
  expectation: Expectation & { column: string },
  columns: ReadonlySet<string>,
): Outcome => {
  const success = columns.has(expectation.column);
  const names = [...columns].slice(0, 50).join(', ');
  return {
    expectation,
    success,
    message: success
      ? `column '${expectation.column}' exists`
      : `${expectation.expect}: there is no column '${expectation.column}'; there are ${names}`,
  };
};

export const rowCount = (
  expectation: Extract<Expectation, { expect: 'expect_table_row_count_to_be_between' }>,
  rows: number,
): Outcome => {
  const { min_value: min, max_value: max } = expectation;
  const success = (min === undefined || rows >= min) && (max === undefined || rows <= max);
  const wanted = [min === undefined ? '' : `at least ${min}`, max === undefined ? '' : `at most ${max}`];
  const text = wanted.filter(Boolean).join(' and ');
  return {
    expectation,
    success,
    counted: rows,
    message: `${expectation.expect}: the dataset has ${rows} rows, ${success ? 'as expected' : 'expected'} ${text}`,
  };
};

/** No share of nothing is too little: without a row that counts, the expectation holds. */
export const columnValues = (
  expectation: ColumnExpectation,
  { counted, offending }: { counted: number; offending: number },
): Outcome => {
  const success = offending === 0 || (counted - offending) / counted >= expectation.mostly;
  const allowed = expectation.mostly < 1 ? ` (mostly: ${expectation.mostly})` : '';
  const shared = { expectation, success, counted, offending };
  const where = `column '${expectation.column}': ${expectation.expect}`;
  return { ...shared, message: `${where}: ${offending} of ${counted} rows offend${allowed}` };
};
