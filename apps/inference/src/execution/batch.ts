import type { TensorData } from '../protocol/element-readers.js';
import type { Feeds, Tensor } from '../protocol/tensor.js';

/** Same dimensions after the first, for every tensor: only then rows can be stacked. */
export const stackable = (a: Feeds, b: Feeds): boolean => {
  for (const name in a) {
    const left = a[name]!.dims;
    const right = b[name]!.dims;
    for (let i = 1; i < left.length; i++) if (left[i] !== right[i]) return false;
  }
  return true;
};

/** The rows of all, in order, as one. */
export const stack = (all: readonly Feeds[]): Feeds => {
  const stacked: Feeds = {};
  for (const name in all[0]) stacked[name] = stackTensors(all.map((feeds) => feeds[name]!));
  return stacked;
};

const stackTensors = (tensors: readonly Tensor[]): Tensor => {
  const { type, dims } = tensors[0]!;
  const rows = tensors.reduce((sum, tensor) => sum + tensor.dims[0]!, 0);
  return { type, dims: [rows, ...dims.slice(1)], data: concatenate(tensors.map(({ data }) => data)) };
};

const concatenate = (parts: readonly TensorData[]): TensorData => {
  const first = parts[0]!;
  if (Array.isArray(first)) return (parts as string[][]).flat();
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = new (first.constructor as new (length: number) => Float32Array)(length);
  let offset = 0;
  for (const part of parts as readonly Float32Array[]) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
};

/** The first dimension of all inputs, where rows may be run apart. */
export const rowsOf = (feeds: Feeds): number => {
  for (const name in feeds) return feeds[name]!.dims[0] ?? 1;
  return 1;
};

/** The same rows, so many at a time, without copying numbers. */
export function* slices(feeds: Feeds, size: number): Generator<Feeds> {
  const total = rowsOf(feeds);
  for (let row = 0; row < total; row += size) {
    const part: Feeds = {};
    for (const name in feeds) {
      const tensor = feeds[name]!;
      part[name] = slice(tensor, row, Math.min(size, total - row), tensor.data.length / total);
    }
    yield part;
  }
}

/**
 * Each caller's own rows of a stacked result, without copying numbers. Undefined when a tensor does not have one row per
 * row that went in, so that nothing says whose it is.
 */
export const unstack = (outputs: Feeds, rowsOf: readonly number[]): Feeds[] | undefined => {
  const total = rowsOf.reduce((sum, rows) => sum + rows, 0);
  const parts: Feeds[] = rowsOf.map(() => ({}));
  for (const name in outputs) {
    const tensor = outputs[name]!;
    if (tensor.dims[0] !== total) return undefined;
    const width = tensor.data.length / total;
    let row = 0;
    rowsOf.forEach((rows, i) => {
      parts[i]![name] = slice(tensor, row, rows, width);
      row += rows;
    });
  }
  return parts;
};

const slice = ({ type, dims, data }: Tensor, row: number, rows: number, width: number): Tensor => {
  const [from, to] = [row * width, (row + rows) * width];
  return {
    type,
    dims: [rows, ...dims.slice(1)],
    data: Array.isArray(data) ? data.slice(from, to) : (data.subarray(from, to) as TensorData),
  };
};
