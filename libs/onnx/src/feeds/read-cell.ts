import type { TensorSpec } from '@millrace/contracts';
import { missingTimestamp } from '../tensor/tensor.js';
import { readTimestamp } from './read-timestamp.js';

/** A value for a tensor, or what is wrong with it. */
export type Cell = { value: number | bigint | string } | { mistake: string };

const longestString = 65_536;
/** Half of a pair: UTF-8 cannot hold it. */
const loneSurrogate = /\p{Surrogate}/u;
const ok = (value: number | bigint | string): Cell => ({ value });
const wrong = (expected: string): Cell => ({ mistake: `is not ${expected}` });

/** Turns one value of a plain record into an element of the input. `null` is missing, where the datatype can say so. */
export const readCell = (spec: TensorSpec, value: unknown): Cell => {
  switch (spec.datatype) {
    case 'BYTES':
      return readString(value);
    case 'FP32':
    case 'FP64':
      return readNumber(spec, value);
    case 'INT64':
      if (spec.column === 'timestamp') return readTime(value);
      return Number.isSafeInteger(value) ? ok(BigInt(value as number)) : wrong('an integer');
    case 'INT32':
      return Number.isInteger(value) && Math.abs(value as number) < 2 ** 31
        ? ok(value as number)
        : wrong('an integer');
    case 'BOOL':
      return typeof value === 'boolean' ? ok(value ? 1 : 0) : wrong('true or false');
    default:
      return { mistake: `cannot be given as ${spec.datatype}` };
  }
};

const readString = (value: unknown): Cell => {
  if (value === null) return ok('');
  if (typeof value !== 'string') return wrong('a string or null');
  if (loneSurrogate.test(value)) return { mistake: 'has a lone surrogate' };
  return value.length > longestString ? { mistake: `is longer than ${longestString} characters` } : ok(value);
};

const readNumber = ({ datatype, column }: TensorSpec, value: unknown): Cell => {
  if (value === null) return ok(NaN);
  if (column === 'boolean') {
    return typeof value === 'boolean' ? ok(value ? 1 : 0) : wrong('true, false or null');
  }
  if (column === 'integer' && !Number.isInteger(value)) return wrong('an integer or null');
  if (typeof value !== 'number' || !Number.isFinite(value)) return wrong('a number or null');
  if (datatype === 'FP32' && !Number.isFinite(Math.fround(value))) return { mistake: 'is out of range' };
  return ok(value);
};

const readTime = (value: unknown): Cell => {
  if (value === null) return ok(missingTimestamp);
  const ms = readTimestamp(value);
  return ms === undefined ? wrong('an ISO 8601 time, epoch milliseconds or null') : ok(BigInt(ms));
};
