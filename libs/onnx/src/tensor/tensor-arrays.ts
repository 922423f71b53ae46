import { fromHalf } from './half.js';
import type { Tensor, TensorType } from './tensor.js';

/** What the elements of each datatype are kept in; BYTES in a plain array. */
export const tensorArrays = {
  BOOL: Uint8Array,
  UINT8: Uint8Array,
  UINT16: Uint16Array,
  UINT32: Uint32Array,
  UINT64: BigUint64Array,
  INT8: Int8Array,
  INT16: Int16Array,
  INT32: Int32Array,
  INT64: BigInt64Array,
  FP16: Uint16Array,
  FP32: Float32Array,
  FP64: Float64Array,
} as const satisfies Record<Exclude<TensorType, 'BYTES'>, unknown>;

/** Zeros, or empty strings. */
export const allocate = (type: TensorType, length: number): Tensor['data'] =>
  type === 'BYTES' ? new Array<string>(length).fill('') : new tensorArrays[type](length);

/** An element as what it stands for: FP16 as the number, not its bits. */
export const elementAt = (
  { type, data }: { type: string; data: Tensor['data'] },
  index: number,
): number | bigint | string => {
  const value = data[index]!;
  return type === 'FP16' ? fromHalf(value as number) : value;
};
