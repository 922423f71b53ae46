import type { RowsResponse } from '@millrace/contracts';
import { shortestOfHalf } from '@millrace/onnx';
import { shortestOfFloat } from './numbers/shortest-float.js';
import { explanationOfRow } from '../explain/explanation.js';
import type { Answerer } from './codec.js';
import type { InferCall } from './infer-call.js';
import type { Feeds, Tensor } from './tensor.js';

/** One record per row: the class by its value, its probabilities by class, numbers as numbers. */
export const writeRowsResponse = (
  { name, version, classes }: Answerer,
  { id, rows, explanation }: Pick<InferCall, 'id' | 'rows' | 'explanation'>,
  outputs: Feeds,
): Uint8Array => {
  const predictions = Array.from({ length: rows }, (_, row) => ({
    ...Object.fromEntries(
      Object.entries(outputs).map(([output, tensor]) => [output, readRow(tensor, row, rows, classes)]),
    ),
    ...(explanation ? { explanation: explanationOfRow(explanation, row, classes) } : {}),
  }));
  const response: RowsResponse = {
    ...(id === undefined ? {} : { id }),
    model_name: name,
    model_version: version,
    predictions,
  };
  return Buffer.from(JSON.stringify(response));
};

const readRow = (tensor: Tensor, row: number, rows: number, classes: Answerer['classes']): unknown => {
  const { type, dims, data } = tensor;
  // Of a model that does not answer by row, everything.
  const width = dims[0] === rows ? data.length / rows : data.length;
  const first = dims[0] === rows ? row * width : 0;
  const values = Array.from({ length: width }, (_, i) => plain(type, data[first + i]!));
  if (classes && type === 'INT64' && width === 1) return classes[Number(values[0])] ?? values[0];
  if (classes && dims.length === 2 && width === classes.length)
    return Object.fromEntries(classes.map((value, i) => [String(value), values[i]]));
  return width === 1 ? values[0] : values;
};

/** JSON has no NaN, no infinities and no integers beyond 2^53: `null`, and text. */
const plain = (type: string, value: number | bigint | string): unknown => {
  if (type === 'FP16') return plain('FP64', shortestOfHalf(value as number));
  if (type === 'FP32') return plain('FP64', shortestOfFloat(value as number));
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (type === 'BOOL') return value === 1;
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
};
