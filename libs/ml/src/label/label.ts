import { MlError } from '../ml-error.js';
import type { Column } from '../table/table.js';

export type LabelTask = 'binary' | 'multiclass' | 'regression';

/** What is learned from a label column: the task, and for classification the class values in index order. */
export interface Label {
  task: LabelTask;
  classes?: (string | number | boolean)[];
}

const maxClasses = 1000;

const missingLabel = (name: string, row: number) =>
  new MlError('missing_label', `the label '${name}' is missing or NaN in row ${row}`, { column: name, row });

const labelAt = (column: Column, row: number): string | number | boolean | null => {
  const value = column.values[row] ?? null;
  if (value === null || value === '' || (typeof value === 'number' && !Number.isFinite(value))) return null;
  return column.kind === 'boolean' ? value !== 0 : value;
};

const compare = (a: string | number | boolean, b: string | number | boolean) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Classes are sorted: false before true, numbers and strings ascending. `auto` is regression for numbers of more than two
 * distinct values, and else classification. Two classes are always `binary`.
 * @throws MlError `no_rows`, `missing_label` (names the row), `single_class`, `too_many_classes`, `column_type`
 */
export const learnLabel = (name: string, column: Column, task: LabelTask | 'auto' = 'auto'): Label => {
  if (column.values.length === 0)
    throw new MlError('no_rows', 'there are no rows to learn from', { column: name });
  if (column.kind === 'timestamp' || (task === 'regression' && column.kind === 'string')) {
    throw new MlError('column_type', `the label '${name}' is a ${column.kind}`, { column: name });
  }
  const distinct = new Set<string | number | boolean>();
  for (let row = 0; row < column.values.length; row++) {
    const value = labelAt(column, row);
    if (value === null) throw missingLabel(name, row);
    if (distinct.size <= maxClasses) distinct.add(value);
  }
  if (task === 'regression') return { task };
  if (task === 'auto' && column.kind === 'number' && distinct.size > 2) return { task: 'regression' };
  if (distinct.size > maxClasses) {
    throw new MlError('too_many_classes', `the label '${name}' has more than ${maxClasses} classes`, {
      column: name,
    });
  }
  if (distinct.size < 2) {
    throw new MlError('single_class', `the label '${name}' has a single class: ${String([...distinct][0])}`, {
      column: name,
    });
  }
  if (task === 'binary' && distinct.size > 2) {
    throw new MlError('too_many_classes', `the label '${name}' has ${distinct.size} classes, not two`, {
      column: name,
    });
  }
  return { task: distinct.size === 2 ? 'binary' : 'multiclass', classes: [...distinct].sort(compare) };
};

/** The class index of every row. @throws MlError `missing_label`, `unknown_class`: both name the row. */
export const encodeClasses = (
  name: string,
  column: Column,
  classes: readonly (string | number | boolean)[],
): Int32Array => {
  const index = new Map(classes.map((value, i) => [value, i]));
  return Int32Array.from({ length: column.values.length }, (_, row) => {
    const value = labelAt(column, row);
    if (value === null) throw missingLabel(name, row);
    const found = index.get(value);
    if (found === undefined) {
      throw new MlError(
        'unknown_class',
        `the label '${name}' has an unknown class '${value}' in row ${row}`,
        {
          column: name,
          row,
        },
      );
    }
    return found;
  });
};

/** The label as numbers. @throws MlError `missing_label` (names the row), `column_type` */
export const encodeTarget = (name: string, column: Column): Float64Array => {
  if (column.kind === 'string' || column.kind === 'timestamp') {
    throw new MlError('column_type', `the label '${name}' is a ${column.kind}, not a number`, {
      column: name,
    });
  }
  const row = column.values.findIndex((x) => !Number.isFinite(x));
  if (row >= 0) throw missingLabel(name, row);
  return column.values.slice();
};
