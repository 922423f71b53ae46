import { isUtf8 } from 'node:buffer';
import { InvalidRequest } from '@millrace/contracts';

/** Bytes as text: UTF-8, of which nothing is altered. */
export const readText = (bytes: Uint8Array): string => {
  if (!isUtf8(bytes)) throw new InvalidRequest([{ field: 'body', message: 'is not UTF-8' }]);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
};

/** A JSON object. */
export const readObject = (text: string): Record<string, unknown> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InvalidRequest([{ field: 'body', message: `is not JSON: ${explain(text, cause)}` }]);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidRequest([{ field: 'body', message: 'must be a JSON object' }]);
  return value as Record<string, unknown>;
};

const explain = (text: string, cause: unknown): string =>
  text === ''
    ? 'it is empty'
    : /\b(?:NaN|Infinity)\b/.test(text)
      ? 'NaN and Infinity are no JSON (null is a missing number)'
      : (cause as Error).message.toWellFormed();

/** Echoed, so it is short. */
export const readId = (id: unknown): string | undefined => {
  if (id === undefined) return undefined;
  if (typeof id !== 'string' || id.length > 256 || !id.isWellFormed())
    throw new InvalidRequest([{ field: 'id', message: 'must be a string of at most 256 characters' }]);
  return id;
};
