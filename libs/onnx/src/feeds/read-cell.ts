import type { TensorSpec } from '@millrace/contracts';
import { halfLimit, toHalf } from '../tensor/half.js';
import { integerRanges, isIntegerType, type IntegerType } from '../tensor/integers.js';
import { missingTimestamp } from '../tensor/tensor.js';
import { readTimestamp } from './read-timestamp.js';

/** A value for a tensor, or what is wrong with it. */
export type Cell = { value: number | bigint | string } | { mistake: string };

const longestString = 65_536;
const ok = (value: number | bigint | string): Cell => ({ value });
const wrong = (expected: string): Cell => ({ mistake: `is not ${expected}` });

/** Turns one value of a plain record into an element of the input. `null` is missing, where the datatype can say so. */
export const readCell = (spec: Pick<TensorSpec, 'datatype' | 'column'>, value: unknown): Cell => {
  const { datatype, column } = spec;
  if (datatype === 'BYTES') return readString(value);
  if (datatype === 'FP16' || datatype === 'FP32' || datatype === 'FP64') return readNumber(spec, value);
  if (datatype === 'BOOL') return typeof value === 'boolean' ? ok(value ? 1 : 0) : wrong('true or false');
  if (column === 'timestamp') return readTime(value);
  return isIntegerType(datatype)
    ? readInteger(datatype, value)
    : { mistake: `cannot be given as ${datatype}` };
};

const readString = (value: unknown): Cell => {
  if (value === null) return ok('');
  if (typeof value !== 'string') return wrong('a string or null');
  if (!value.isWellFormed()) return { mistake: 'has a lone surrogate' };
  if (value.includes('\0')) return { mistake: 'has a NUL character, which ONNX Runtime cannot be handed' };
  return value.length > longestString ? { mistake: `is longer than ${longestString} characters` } : ok(value);
};

const readNumber = ({ datatype, column }: Pick<TensorSpec, 'datatype' | 'column'>, value: unknown): Cell => {
  if (value === null) return ok(datatype === 'FP16' ? toHalf(NaN) : NaN);
  if (column === 'boolean') {
    return typeof value === 'boolean' ? ok(value ? 1 : 0) : wrong('true, false or null');
  }
  if (column === 'integer' && !Number.isInteger(value)) return wrong('an integer or null');
  if (typeof value !== 'number' || !Number.isFinite(value)) return wrong('a number or null');
  if (datatype === 'FP32' && !Number.isFinite(Math.fround(value))) return { mistake: 'is out of range' };
  if (datatype !== 'FP16') return ok(value);
  return Math.abs(value) < halfLimit ? ok(toHalf(value)) : { mistake: 'is out of range' };
};

/** Of more than 53 bits, JSON has rounded them already. */
const readInteger = (datatype: IntegerType, value: unknown): Cell => {
  if (!Number.isSafeInteger(value)) return wrong('an integer');
  const { min, max } = integerRanges[datatype];
  if (BigInt(value as number) < min || BigInt(value as number) > max)
    return wrong(`an integer from ${min} to ${max}`);
  return ok(datatype.endsWith('64') ? BigInt(value as number) : (value as number));
};

const readTime = (value: unknown): Cell => {
  if (value === null) return ok(missingTimestamp);
  const ms = readTimestamp(value);
  return ms === undefined ? wrong('an ISO 8601 time, epoch milliseconds or null') : ok(BigInt(ms));
};
