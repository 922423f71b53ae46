import { MlError } from '../ml-error.js';
import { selectColumn } from '../table/select-column.js';
import type { Column, Table } from '../table/table.js';
import { numericValues, stringValues } from './column-values.js';
import type {
  FittedColumn,
  FittedNumber,
  FittedOneHot,
  FittedPreprocessing,
} from './fitted-preprocessing.js';
import type { DatePart, PreprocessingSpec } from './preprocessing-spec.js';
import { readSteps, type ReadSteps } from './read-steps.js';
import { deviationOf, frequencies, meanOf, medianOf, present } from './statistics.js';

/**
 * Learns what `spec` needs from `table`. Every feature it yields is a finite number for any input: a numeric column
 * without an `impute` step gets the mean. Infinite counts as missing, and so does the empty string.
 * @throws MlError `invalid_spec`, `unknown_column`, `no_rows`, `no_values`
 */
export const fitPreprocessing = (spec: PreprocessingSpec, table: Table): FittedPreprocessing => {
  if (table.rows === 0) throw new MlError('no_rows', 'there are no rows to fit a preprocessing on');
  const features: string[] = [];
  const columns = Object.entries(spec.columns).map(([name, steps]): FittedColumn => {
    const column = selectColumn(table, name);
    const read = readSteps(name, column.kind, steps);
    const parts = read.parts.map((part) => {
      const fitted = fitPart(name, column, part, read);
      const names = featureNames(part === null ? name : `${name}.${part}`, fitted);
      const offset = features.length;
      features.push(...names);
      return { ...fitted, part, offset, width: names.length };
    });
    return { name, kind: column.kind, parts };
  });
  if (features.length === 0) throw new MlError('invalid_spec', 'the preprocessing has no columns');
  return { version: 1, columns, features };
};

const featureNames = (base: string, fitted: FittedNumber | FittedOneHot): string[] =>
  fitted.encode === 'number' ? [base] : fitted.categories.map((category) => `${base}=${category}`);

const fitPart = (
  name: string,
  column: Column,
  part: DatePart | null,
  { impute, encode }: ReadSteps,
): FittedNumber | FittedOneHot => {
  const values =
    column.kind === 'string'
      ? stringValues(column).filter((value) => value !== null)
      : present(numericValues(column, part));
  if (values.length === 0 && (impute === null || typeof impute !== 'object')) {
    throw new MlError('no_values', `column '${name}' has no values`, { column: name });
  }
  const fill = learnFill(values, impute);
  if (typeof encode === 'object') {
    const missing = column.values.length - values.length;
    const counted = frequencies(
      fill === null ? values : [...values, ...Array<typeof fill>(missing).fill(fill)],
    );
    const kept = counted.filter(([, count]) => count >= encode.minCount).slice(0, encode.maxCategories);
    if (kept.length === 0) {
      throw new MlError('no_values', `column '${name}' has no category that is frequent enough`, {
        column: name,
      });
    }
    return { encode: 'oneHot', fill, categories: sortCategories(kept.map(([value]) => value)) };
  }
  const numbers = values as Float64Array;
  const constant = Math.fround((fill as number | null) ?? meanOf(numbers));
  if (encode === 'identity') return { encode: 'number', fill: constant, center: 0, factor: 1 };
  const filled = new Float64Array(column.values.length).fill(constant);
  filled.set(numbers);
  const deviation = deviationOf(filled);
  const factor = Math.fround(1 / deviation);
  return {
    encode: 'number',
    fill: constant,
    center: Math.fround(meanOf(filled)),
    factor: deviation > 0 && Number.isFinite(factor) ? factor : 1,
  };
};

const learnFill = (
  values: (string | number)[] | Float64Array,
  impute: ReadSteps['impute'],
): string | number | null => {
  if (impute === null) return null;
  if (typeof impute === 'object') {
    return typeof impute.constant === 'number' ? Math.fround(impute.constant) : impute.constant;
  }
  if (impute === 'mostFrequent') return frequencies<string | number>(values)[0]![0];
  const numbers = values as Float64Array;
  return Math.fround(impute === 'mean' ? meanOf(numbers) : medianOf(numbers));
};

const sortCategories = (values: (string | number)[]): string[] | number[] =>
  typeof values[0] === 'string'
    ? (values as string[]).sort((a, b) => (a < b ? -1 : 1))
    : (values as number[]).sort((a, b) => a - b);
