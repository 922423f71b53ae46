import {
  DomainError,
  InvalidRequest,
  type FieldError,
  type ModelSignature,
  type TensorSpec,
} from '@millrace/contracts';
import { allocate } from '../tensor/tensor-arrays.js';
import type { Tensor, TensorType } from '../tensor/tensor.js';
import { readCell } from './read-cell.js';

const mostRows = 100_000;
const mostErrors = 20;

/**
 * Plain records → the model's inputs. Every record has every column by name and none besides; `null` is missing;
 * timestamps are ISO 8601 (UTC unless they say otherwise) or epoch milliseconds. An input of shape [−1, n] takes a list of n
 * values per record.
 * @throws InvalidRequest whose fields are paths such as `rows[3].distance`; DomainError `unsupported` for a model whose
 * inputs have no rows of a fixed size
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

const readColumn = (
  spec: TensorSpec,
  rows: readonly Record<string, unknown>[],
  errors: FieldError[],
): Tensor => {
  const type = spec.datatype as TensorType;
  const width = rowWidth(spec);
  const [, ...rest] = spec.shape;
  const data = allocate(type, rows.length * width) as (number | bigint | string)[];
  for (let i = 0; i < rows.length && errors.length < mostErrors; i++) {
    const field = `rows[${i}].${spec.name}`;
    const value = rows[i]![spec.name];
    if (width === 1 && !Array.isArray(value)) readElement(spec, value, field, data, i, errors);
    else readList(spec, width, value, field, data, i * width, errors);
  }
  return { type, dims: [rows.length, ...rest], data } as Tensor;
};

/** Elements of one row. */
const rowWidth = ({ name, shape }: TensorSpec): number => {
  const [rows, ...rest] = shape;
  if (rows !== -1 || rest.includes(-1))
    throw new DomainError(
      'unsupported',
      `input '${name}' of shape [${shape.join()}] has no row of a fixed size: send tensors`,
    );
  return rest.reduce((product, size) => product * size, 1);
};

const readElement = (
  spec: TensorSpec,
  value: unknown,
  field: string,
  data: (number | bigint | string)[],
  at: number,
  errors: FieldError[],
): void => {
  const cell = readCell(spec, value);
  if ('value' in cell) data[at] = cell.value;
  else errors.push({ field, message: cell.mistake });
};

/** Nested as the input's shape says, or flat. */
const readList = (
  spec: TensorSpec,
  width: number,
  value: unknown,
  field: string,
  data: (number | bigint | string)[],
  from: number,
  errors: FieldError[],
): void => {
  const list: unknown[] = Array.isArray(value) ? value.flat(spec.shape.length) : [];
  if (list.length !== width) errors.push({ field, message: `is not a list of ${width} values` });
  else
    for (let i = 0; i < width && errors.length < mostErrors; i++)
      readElement(spec, list[i], `${field}[${i}]`, data, from + i, errors);
};
