import type { ColumnStep, PreprocessingSpec } from './preprocessing-spec.js';

const steps = {
  number: () => [{ impute: 'median' }, { scale: 'standard' }],
  integer: () => [{ impute: 'median' }, { scale: 'standard' }],
  boolean: () => [{ impute: 'mostFrequent' }],
  string: () => [{ oneHot: {} }],
  timestamp: () => [{ dateParts: ['month', 'weekday', 'hour'] }, { oneHot: {} }],
} satisfies Record<string, () => ColumnStep[]>;

/** A sensible preprocessing where none is given: by each column's type. */
export const autoPreprocessing = (
  columns: readonly { name: string; type: keyof typeof steps }[],
): PreprocessingSpec => ({
  columns: Object.fromEntries(columns.map(({ name, type }) => [name, steps[type]()])),
});
