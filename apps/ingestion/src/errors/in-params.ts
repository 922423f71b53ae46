import { InvalidRequest } from '@millrace/contracts';

/** For `catch`: what the data engine calls `columns` is `params.columns` to whoever wrote the pipeline. */
export const inParams = (error: unknown): never => {
  if (!(error instanceof InvalidRequest)) throw error;
  const fields = error.details?.fields ?? [];
  throw new InvalidRequest(fields.map(({ field, message }) => ({ field: `params.${field}`, message })));
};
