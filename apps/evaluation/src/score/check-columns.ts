import { DomainError, InvalidRequest, type DatasetManifest, type ModelManifest } from '@millrace/contracts';

/** @throws DomainError `data_invalid`, InvalidRequest: they name the column that is not there */
export const checkColumns = (
  { columns }: DatasetManifest,
  { signature }: ModelManifest,
  keeps: readonly string[] | undefined,
): void => {
  const names = new Set(columns.map(({ name }) => name));
  const has = [...names].join(', ');
  const read = signature.inputs.find(({ name }) => !names.has(name));
  if (read)
    throw new DomainError(
      'data_invalid',
      `the dataset at port 'dataset' has no column '${read.name}', which the model reads; it has ${has}`,
      { details: { port: 'dataset', column: read.name } },
    );
  const kept = keeps?.find((name) => !names.has(name));
  if (kept !== undefined)
    throw new InvalidRequest([
      { field: 'params.columns', message: `the dataset has no column '${kept}'; it has ${has}` },
    ]);
};
