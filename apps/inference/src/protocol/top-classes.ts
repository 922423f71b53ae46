import { elementAt } from '@millrace/onnx';
import type { Answerer } from './codec.js';
import type { Tensor } from './tensor.js';
import { writeValue } from './write-values.js';

/**
 * The highest values of each row as texts `value:index`, with the class where the model says what its values stand for:
 * `0.75:2:Gentoo`. Triton's classification extension.
 * @param batchable The first dimension is rows. Without rows, all values are one row, and the answer has one dimension.
 */
export const topClasses = (
  tensor: Tensor,
  top: number,
  batchable: boolean,
  classes: Answerer['classes'],
): Tensor => {
  const rows = batchable ? tensor.dims[0]! : 1;
  const width = tensor.data.length / rows;
  const count = Math.min(top, width);
  const labels = classes?.length === width ? classes : undefined;
  const data: string[] = [];
  for (let row = 0; row < rows; row++)
    for (const index of highest(tensor, row * width, width).slice(0, count)) {
      const value = writeValue(tensor.type, tensor.data[row * width + index]!);
      data.push(labels ? `${value}:${index}:${labels[index]!}` : `${value}:${index}`);
    }
  return { type: 'BYTES', dims: batchable ? [rows, count] : [count], data };
};

/** Indices of a row by value, the highest first; NaN last, and of equal ones the first. */
const highest = (tensor: Tensor, from: number, width: number): number[] => {
  const value = (index: number): number | bigint => {
    const element = elementAt(tensor, from + index) as number | bigint;
    return Number.isNaN(element) ? -Infinity : element;
  };
  return Array.from({ length: width }, (_, index) => index).sort((a, b) => {
    const [left, right] = [value(a), value(b)];
    return left === right ? 0 : left < right ? 1 : -1;
  });
};
