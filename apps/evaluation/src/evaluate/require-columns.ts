import { DomainError, type ColumnSchema } from '@millrace/contracts';

/**
 * The dataset has what the model reads, and the label.
 * @throws DomainError `data_invalid` that names the first column that is missing
 */
export const requireColumns = (has: readonly ColumnSchema[], wants: readonly string[]): void => {
  const names = new Set(has.map(({ name }) => name));
  const column = wants.find((name) => !names.has(name));
  if (column === undefined) return;
  throw new DomainError(
    'data_invalid',
    `the dataset at port 'test' has no column '${column}'; it has ${[...names].join(', ')}`,
    { details: { port: 'test', column } },
  );
};
