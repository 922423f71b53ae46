import { InvalidRequest } from '@millrace/contracts';
import secureJson from 'secure-json-parse';
import { HttpRefusal } from './http-refusal.js';

const maxDepth = 64;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
const jsonMediaType = /^application\/(?:[\w.+-]+\+)?json$/i;

/** Only JSON in UTF-8, not compressed: no other form can reach a service by way of a body. */
export const requireJson = (headers: { 'content-type'?: string; 'content-encoding'?: string }): void => {
  requireJsonType(headers);
  requireEncoding(headers, []);
};

/** JSON in UTF-8, compressed or not. */
export const requireJsonType = (headers: { 'content-type'?: string }): void => {
  const [mediaType = '', ...parameters] = (headers['content-type'] ?? '')
    .split(';')
    .map((part) => part.trim());
  if (!jsonMediaType.test(mediaType)) {
    throw new HttpRefusal(
      415,
      'invalid_request',
      `the body must be application/json, not '${mediaType.slice(0, 100)}'`,
    );
  }
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter))?.slice('charset='.length);
  if (charset && !/^"?utf-?8"?$/i.test(charset)) {
    throw new HttpRefusal(415, 'invalid_request', `the body must be UTF-8, not '${charset.slice(0, 100)}'`);
  }
};

/** @param possible besides `identity` */
export const requireEncoding = (
  headers: { 'content-encoding'?: string },
  possible: readonly string[],
): void => {
  const encoding = headers['content-encoding'] ?? 'identity';
  const name = encoding.trim().toLowerCase();
  if (name !== 'identity' && !possible.includes(name)) {
    throw new HttpRefusal(
      415,
      'invalid_request',
      `Content-Encoding '${encoding.slice(0, 100)}' is not supported`,
      { 'Accept-Encoding': possible.join(', ') || 'identity' },
    );
  }
};

interface Unkeepable {
  message: string;
  path: string[];
}

const loneSurrogate = /\p{Surrogate}/u;

const within = (key: string, found: Unkeepable | undefined): Unkeepable | undefined =>
  found && { ...found, path: [key, ...found.path] };

const findInArray = (items: unknown[], depth: number): Unkeepable | undefined => {
  for (const [index, item] of items.entries()) {
    const found = within(`[${index}]`, findUnkeepable(item, depth));
    if (found) return found;
  }
  return undefined;
};

const findInObject = (object: object, depth: number): Unkeepable | undefined => {
  for (const [key, item] of Object.entries(object)) {
    if (loneSurrogate.test(key)) return { message: 'has a name with a lone surrogate', path: [] };
    const found = within(`.${key.slice(0, 100)}`, findUnkeepable(item, depth));
    if (found) return found;
  }
  return undefined;
};

/** What JSON can say and no service can keep: lone surrogates, numbers beyond a double, bottomless nesting. */
const findUnkeepable = (value: unknown, depth: number): Unkeepable | undefined => {
  if (typeof value === 'string' && loneSurrogate.test(value))
    return { message: 'has a lone surrogate', path: [] };
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return { message: 'is beyond what a number can hold', path: [] };
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === maxDepth) return { message: `is nested deeper than ${maxDepth} levels`, path: [] };
  return Array.isArray(value) ? findInArray(value, depth + 1) : findInObject(value, depth + 1);
};

const parse = (body: Uint8Array): unknown => {
  try {
    return secureJson.parse(utf8.decode(body), null, { protoAction: 'error', constructorAction: 'error' });
  } catch (cause) {
    const message =
      cause instanceof SyntaxError ? `is not JSON: ${cause.message.slice(0, 200)}` : 'is not UTF-8';
    throw new InvalidRequest([{ field: 'body', message }]);
  }
};

/**
 * The body of a request as an object; no body is an empty one.
 * @throws InvalidRequest naming the place where that is known
 */
export const readJson = (body: Uint8Array): Record<string, unknown> => {
  if (body.length === 0) return {};
  const value = parse(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidRequest([{ field: 'body', message: 'must be a JSON object' }]);
  }
  const { path, message } = findUnkeepable(value, 0) ?? {};
  if (message) {
    throw new InvalidRequest([{ field: path?.join('').replace(/^\./, '').slice(0, 500) || 'body', message }]);
  }
  return value as Record<string, unknown>;
};
