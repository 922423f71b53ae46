import { InvalidRequest, type InferRequest, type RowsRequest } from '@millrace/contracts';

export type PredictionRequest = { form: 'rows'; body: RowsRequest } | { form: 'tensors'; body: InferRequest };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A record, an array of records, `{rows: […]}`, or a whole Open Inference Protocol request with `inputs`. */
export const predictionRequest = (value: unknown): PredictionRequest => {
  if (Array.isArray(value)) return rowsOf(value);
  if (!isRecord(value))
    throw refusal('json', 'must be a record, an array of records, or a request with inputs');
  if (Array.isArray(value.inputs)) return { form: 'tensors', body: value as unknown as InferRequest };
  if (Array.isArray(value.rows))
    return { form: 'rows', body: { ...value, rows: rowsOf(value.rows).body.rows } };
  return rowsOf([value]);
};

const rowsOf = (rows: unknown[]): { form: 'rows'; body: RowsRequest } => {
  if (rows.length === 0) throw refusal('json', 'has no records');
  const wrong = rows.findIndex((row) => !isRecord(row));
  if (wrong >= 0) throw refusal(`rows[${wrong}]`, 'must be a record: {"column": value, …}');
  return { form: 'rows', body: { rows: rows as Record<string, unknown>[] } };
};

const refusal = (field: string, message: string) => new InvalidRequest([{ field, message }]);
