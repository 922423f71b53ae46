import { DomainError, type DatasetManifest } from '@millrace/contracts';

export interface Wanted {
  /** What the model reads, and the label. */
  columns: readonly string[];
  maxRows: number;
}

/**
 * @throws DomainError `data_invalid` that names the first column that is missing, `payload_too_large` that names the limit
 */
export const checkDataset = ({ columns, rows }: DatasetManifest, wanted: Wanted): void => {
  const names = new Set(columns.map(({ name }) => name));
  const column = wanted.columns.find((name) => !names.has(name));
  if (column !== undefined) {
    throw new DomainError(
      'data_invalid',
      `the dataset at port 'test' has no column '${column}'; it has ${[...names].join(', ')}`,
      { details: { port: 'test', column } },
    );
  }
  if (rows > wanted.maxRows) {
    throw new DomainError(
      'payload_too_large',
      `the dataset at port 'test' has ${rows} rows, more than the ${wanted.maxRows} of EVALUATION_MAX_ROWS`,
      { details: { port: 'test', rows, limit: wanted.maxRows } },
    );
  }
};
