import { DomainError } from '@millrace/contracts';
import { allocate } from '@millrace/onnx';
import type { TensorData } from '../protocol/element-readers.js';
import type { Feeds, Tensor } from '../protocol/tensor.js';

interface Part {
  rows: readonly number[];
  outputs: Feeds;
}

/** These rows of all tensors, in this order. */
export const gather = (feeds: Feeds, rows: readonly number[]): Feeds => {
  const gathered: Feeds = {};
  for (const name in feeds) {
    const { type, dims, data } = feeds[name]!;
    const width = data.length / dims[0]!;
    const out = allocate(type, rows.length * width) as TensorData;
    rows.forEach((row, i) => copyRow(data, row, out, i, width));
    gathered[name] = { type, dims: [rows.length, ...dims.slice(1)], data: out };
  }
  return gathered;
};

/** Rows that went different ways, back in their places. */
export const scatter = (parts: readonly Part[], total: number): Feeds => {
  const outputs: Feeds = {};
  for (const name in parts[0]!.outputs) outputs[name] = join(name, parts, total);
  return outputs;
};

const join = (name: string, parts: readonly Part[], total: number): Tensor => {
  const { type, dims } = parts[0]!.outputs[name]!;
  const inner = dims.slice(1);
  const width = inner.reduce((size, n) => size * n, 1);
  const data = allocate(type, total * width) as TensorData;
  for (const { rows, outputs } of parts) {
    const tensor = outputs[name]!;
    if (tensor.dims[0] !== rows.length || tensor.dims.slice(1).join() !== inner.join())
      throw new UnlikeRows(name, tensor.dims, [rows.length, ...inner]);
    rows.forEach((row, i) => copyRow(tensor.data, i, data, row, width));
  }
  return { type, dims: [total, ...inner], data };
};

const copyRow = (from: TensorData, row: number, to: TensorData, at: number, width: number): void => {
  for (let i = 0; i < width; i++) (to as unknown[])[at * width + i] = from[row * width + i];
};

/** Nothing says whose they are. */
class UnlikeRows extends DomainError {
  constructor(name: string, dims: readonly number[], wanted: readonly number[]) {
    super(
      'data_invalid',
      `output '${name}' is of the shape [${dims.join()}], and [${wanted.join()}] was expected`,
    );
  }
}
