import { InvalidRequest, type FieldError, type ModelSignature, type TensorSpec } from '@millrace/contracts';
import type { Tensor, TensorType } from '../tensor/tensor.js';
import { readCell } from './read-cell.js';

const mostRows = 100_000;
const mostErrors = 20;

/**
 * Plain records → the model's inputs. Every record has every column by name and none besides; `null` is missing;
 * timestamps are ISO 8601 (UTC unless they say otherwise) or epoch milliseconds.
 * @throws InvalidRequest whose fields are paths such as `rows[3].distance`
 */
export const tableToFeeds = (
  signature: ModelSignature,
  rows: readonly Record<string, unknown>[],
): Record<string, Tensor> => {
  if (!Array.isArray(rows) || rows.length === 0)
    throw new InvalidRequest([{ field: 'rows', message: 'is empty' }]);
  if (rows.length > mostRows) {
    throw new InvalidRequest([{ field: 'rows', message: `has more than ${mostRows} rows` }]);
  }
  const errors: FieldError[] = [];
  checkNames(signature.inputs, rows, errors);
  const feeds: Record<string, Tensor> = {};
  if (errors.length === 0) {
    for (const spec of signature.inputs) feeds[spec.name] = readColumn(spec, rows, errors);
  }
  if (errors.length > 0) throw new InvalidRequest(errors.slice(0, mostErrors));
  return feeds;
};

const checkNames = (inputs: TensorSpec[], rows: readonly unknown[], errors: FieldError[]): void => {
  const known = new Set(inputs.map(({ name }) => name));
  for (let i = 0; i < rows.length && errors.length < mostErrors; i++) {
    const row = rows[i];
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      errors.push({ field: `rows[${i}]`, message: 'is not an object' });
      continue;
    }
    for (const name of known) {
      if (!Object.hasOwn(row, name)) errors.push({ field: `rows[${i}].${name}`, message: 'is missing' });
    }
    for (const name of Object.keys(row)) {
      if (!known.has(name))
        errors.push({ field: `rows[${i}].${name}`, message: 'is not an input of the model' });
    }
  }
};

const arrays: Record<TensorType, (rows: number) => Tensor['data']> = {
  FP32: (rows) => new Float32Array(rows),
  FP64: (rows) => new Float64Array(rows),
  INT64: (rows) => new BigInt64Array(rows),
  INT32: (rows) => new Int32Array(rows),
  BOOL: (rows) => new Uint8Array(rows),
  BYTES: (rows) => Array<string>(rows).fill(''),
};

const readColumn = (
  spec: TensorSpec,
  rows: readonly Record<string, unknown>[],
  errors: FieldError[],
): Tensor => {
  const type = spec.datatype as TensorType;
  const data = arrays[type](rows.length) as (number | bigint | string)[];
  for (let i = 0; i < rows.length && errors.length < mostErrors; i++) {
    const cell = readCell(spec, rows[i]![spec.name]);
    if ('value' in cell) data[i] = cell.value;
    else errors.push({ field: `rows[${i}].${spec.name}`, message: cell.mistake });
  }
  return { type, dims: [rows.length, 1], data } as unknown as Tensor;
};
