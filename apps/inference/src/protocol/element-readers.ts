import type { Datatype } from '@millrace/contracts';
import { carriedText, halfLimit, isCarried, toHalf } from '@millrace/onnx';

/** What a tensor's elements are kept in. BOOL is one byte per element, BYTES a string per element. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | string[];

export type Missing = number | bigint | string | undefined;

/** How JSON values become elements of one datatype: check and copy in one pass. */
export interface ElementReader {
  allocate(length: number): TensorData;
  /**
   * Copies `values` to `out` from `offset` on. Returns the index of the first value that does not fit, or −1.
   * @param missing what `null` stands for; undefined where there are no missing values
   */
  copy(values: readonly unknown[], out: TensorData, offset: number, missing: Missing): number;
  /** What a value must be, to complete "must be …". */
  expected: string;
}

const floats = (
  allocate: (length: number) => Float32Array | Float64Array,
  max: number,
  expected: string,
): ElementReader => ({
  allocate,
  expected,
  copy(values, out, offset, missing) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (typeof value === 'number' && value <= max && value >= -max) out[offset + i] = value;
      else if (value === null && missing !== undefined) out[offset + i] = missing as number;
      else return i;
    }
    return -1;
  },
});

const integers = (allocate: (length: number) => TensorData, min: number, max: number): ElementReader => ({
  allocate,
  expected: `an integer from ${min} to ${max}`,
  copy(values, out, offset) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) return i;
      out[offset + i] = value as number;
    }
    return -1;
  },
});

/**
 * Integers beyond 2^53 lost digits in `JSON.parse` already, so they do not fit here; `exact-integers.ts` hands
 * them over as bigint.
 */
const bigIntegers = (
  allocate: (length: number) => BigInt64Array | BigUint64Array,
  min: bigint,
  max: bigint,
): ElementReader => ({
  allocate,
  expected: `an integer from ${min} to ${max}`,
  copy(values, out, offset, missing) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] === null ? missing : values[i];
      if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) return i;
      const big = BigInt(value as number | bigint);
      if (big < min || big > max) return i;
      out[offset + i] = big;
    }
    return -1;
  },
});

const booleans: ElementReader = {
  allocate: (length) => new Uint8Array(length),
  expected: 'true or false',
  copy(values, out, offset) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (typeof value !== 'boolean') return i;
      out[offset + i] = value ? 1 : 0;
    }
    return -1;
  },
};

/** JSON numbers are rounded to the nearest FP16. */
const halves: ElementReader = {
  allocate: (length) => new Uint16Array(length),
  expected: 'a number within the range of FP16',
  copy(values, out, offset, missing) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (typeof value === 'number' && Math.abs(value) < halfLimit) out[offset + i] = toHalf(value);
      else if (value === null && missing !== undefined) out[offset + i] = toHalf(missing as number);
      else return i;
    }
    return -1;
  },
};

const strings: ElementReader = {
  allocate: (length) => new Array<string>(length),
  expected: carriedText,
  copy(values, out, offset, missing) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (typeof value === 'string' && isCarried(value)) out[offset + i] = value;
      else if (value === null && missing !== undefined) out[offset + i] = missing as string;
      else return i;
    }
    return -1;
  },
};

/** The largest number that rounds to a finite FP32. */
const maxFloat32 = 3.4028235677973366e38;

export const elementReaders: Readonly<Record<Datatype, ElementReader>> = {
  BOOL: booleans,
  UINT8: integers((n) => new Uint8Array(n), 0, 0xff),
  UINT16: integers((n) => new Uint16Array(n), 0, 0xffff),
  UINT32: integers((n) => new Uint32Array(n), 0, 0xffffffff),
  UINT64: bigIntegers((n) => new BigUint64Array(n), 0n, 2n ** 64n - 1n),
  INT8: integers((n) => new Int8Array(n), -0x80, 0x7f),
  INT16: integers((n) => new Int16Array(n), -0x8000, 0x7fff),
  INT32: integers((n) => new Int32Array(n), -0x80000000, 0x7fffffff),
  INT64: bigIntegers((n) => new BigInt64Array(n), -(2n ** 63n), 2n ** 63n - 1n),
  FP16: halves,
  FP32: floats((n) => new Float32Array(n), maxFloat32, 'a number within the range of FP32'),
  FP64: floats((n) => new Float64Array(n), Number.MAX_VALUE, 'a finite number'),
  BYTES: strings,
};
