/** Smallest and largest of each integer type, both inclusive. */
export const integerRanges = {
  UINT8: { min: 0n, max: 2n ** 8n - 1n },
  UINT16: { min: 0n, max: 2n ** 16n - 1n },
  UINT32: { min: 0n, max: 2n ** 32n - 1n },
  UINT64: { min: 0n, max: 2n ** 64n - 1n },
  INT8: { min: -(2n ** 7n), max: 2n ** 7n - 1n },
  INT16: { min: -(2n ** 15n), max: 2n ** 15n - 1n },
  INT32: { min: -(2n ** 31n), max: 2n ** 31n - 1n },
  INT64: { min: -(2n ** 63n), max: 2n ** 63n - 1n },
} as const;

export type IntegerType = keyof typeof integerRanges;

export const isIntegerType = (type: string): type is IntegerType => Object.hasOwn(integerRanges, type);
