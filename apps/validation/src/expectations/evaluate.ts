import type { ColumnSchema } from '@millrace/contracts';
import { identifier, type DataEngine } from '@millrace/data';
import type { ColumnExpectation, Expectation } from './expectation.js';
import { columnValues, existence, rowCount, type OffendingRow, type Outcome } from './outcome.js';
import { violationOf, type Violation } from './violation.js';

export interface Table {
  data: DataEngine;
  paths: readonly string[];
  columns: readonly ColumnSchema[];
  rows: number;
  signal: AbortSignal;
}

const maxOffendingRows = 10;
/** Of an offending row; the rest is in the dataset. */
const maxShownColumns = 20;
const maxShownText = 200;

const shown = (value: unknown): unknown =>
  typeof value === 'string' && value.length > maxShownText ? `${value.slice(0, maxShownText)}…` : value;

const offendingRows = async (
  table: Table,
  column: string,
  { offends }: Violation,
): Promise<OffendingRow[]> => {
  const others = table.columns.map(({ name }) => name).filter((name) => name !== column);
  const names = [column, ...others].slice(0, maxShownColumns);
  const found = await table.data.select(
    `SELECT millrace_row, ${names.map(identifier).join(', ')}
       FROM (SELECT *, row_number() OVER () AS millrace_row FROM dataset)
      WHERE ${offends} ORDER BY millrace_row LIMIT ${maxOffendingRows}`,
    table.paths,
    { signal: table.signal },
  );
  return found.map(({ millrace_row: row, ...values }) => ({
    row: row as number,
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shown(value)])),
  }));
};

const values = async (
  table: Table,
  expectation: ColumnExpectation,
  violation: Violation,
): Promise<Outcome> => {
  const [counts] = await table.data.select(
    `SELECT count(*) FILTER (${violation.counts}) AS counted, count(*) FILTER (${violation.offends}) AS offending FROM dataset`,
    table.paths,
    { signal: table.signal },
  );
  const outcome = columnValues(expectation, counts as { counted: number; offending: number });
  if (outcome.offending === 0) return outcome;
  return { ...outcome, rows: await offendingRows(table, expectation.column, violation) };
};

/** Looks at the data for each expectation, in order. @throws InvalidRequest when one does not fit its column's type */
export const evaluate = async (table: Table, expectations: readonly Expectation[]): Promise<Outcome[]> => {
  const names = new Set(table.columns.map(({ name }) => name));
  const checks = expectations.map((expectation, i): (() => Promise<Outcome>) => {
    if (expectation.expect === 'expect_table_row_count_to_be_between')
      return () => Promise.resolve(rowCount(expectation, table.rows));
    const column = table.columns.find(({ name }) => name === expectation.column);
    if (!column || expectation.expect === 'expect_column_to_exist')
      return () => Promise.resolve(existence(expectation, names));
    const violation = violationOf(expectation, column, `params.expectations[${i}]`);
    return () => values(table, expectation, violation);
  });
  const outcomes: Outcome[] = [];
  for (const check of checks) outcomes.push(await check());
  return outcomes;
};
