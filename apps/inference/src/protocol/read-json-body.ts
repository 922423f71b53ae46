import { isUtf8 } from 'node:buffer';
import { DomainError, InvalidRequest } from '@millrace/contracts';

/** The body of a request as text: not too long, and UTF-8. */
export const readText = (body: Uint8Array, maxBytes: number): string => {
  if (body.byteLength > maxBytes)
    throw new DomainError(
      'payload_too_large',
      `the body has ${body.byteLength} bytes, more than the limit of ${maxBytes}; score larger data as a dataset`,
      { details: { limit: maxBytes } },
    );
  if (!isUtf8(body)) throw new InvalidRequest([{ field: 'body', message: 'is not UTF-8' }]);
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
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
