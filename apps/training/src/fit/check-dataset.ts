import { DomainError, type DatasetManifest } from '@millrace/contracts';

export interface Wanted {
  /** What the transform reads, and the label. */
  columns: readonly string[];
  maxRows: number;
}

/**
 * @throws DomainError `data_invalid` that names the first column that is missing, `payload_too_large` that names the limit
 */
export const checkDataset = (port: string, { columns, rows }: DatasetManifest, wanted: Wanted): void => {
  const names = new Set(columns.map(({ name }) => name));
  const column = wanted.columns.find((name) => !names.has(name));
  if (column !== undefined) {
    throw new DomainError(
      'data_invalid',
      `the dataset at port '${port}' has no column '${column}'; it has ${[...names].join(', ')}`,
      { details: { port, column } },
    );
  }
  if (rows > wanted.maxRows) {
    throw new DomainError(
      'payload_too_large',
      `the dataset at port '${port}' has ${rows} rows, more than the ${wanted.maxRows} of TRAINING_MAX_ROWS`,
      { details: { port, rows, limit: wanted.maxRows } },
    );
  }
};
