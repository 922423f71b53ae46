import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { headerNames, InvalidRequest } from '@millrace/contracts';
import { acceptedEncoding } from '@millrace/messaging';
import { firstOf } from '../http/caller.js';

/** By the names in which Node has them. */
const lower = {
  length: headerNames.inferenceHeaderLength.toLowerCase(),
  type: headerNames.contentType.toLowerCase(),
  encoding: headerNames.contentEncoding.toLowerCase(),
  accept: headerNames.acceptEncoding.toLowerCase(),
  key: headerNames.routingKey.toLowerCase(),
  version: headerNames.modelVersion.toLowerCase(),
};

const fail = (field: string, message: string): never => {
  throw new InvalidRequest([{ field, message }]);
};

/** As of a request's parameter `routing_key`. */
const longestKey = 256;

/** Node reads headers as Latin-1. The same key may be said in a body, where it is UTF-8, and is to go the same way. */
const readKey = (header: string): string => {
  if (header === '' || header.length > longestKey)
    fail(headerNames.routingKey, `must have 1 to ${longestKey} bytes`);
  const bytes = Buffer.from(header, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : header;
};

const readVersion = (text: string): string =>
  /^[1-9]\d{0,8}$/.test(text) ? text : fail(headerNames.modelVersion, 'must be the number of a version');

/**
 * What the inference service is told of a request's headers. Compressed bodies stay so on the road: they are that service's to
 * read, within its limits.
 * @param version of the path, which counts before that of the header
 * @throws InvalidRequest that names the header
 */
export const passedOn = (
  headers: IncomingHttpHeaders,
  version: string | undefined,
): Record<string, string> => {
  const passed: Record<string, string> = {};
  const length = firstOf(headers[lower.length]);
  if (length !== undefined) {
    if (!/^\d{1,10}$/.test(length)) fail(headerNames.inferenceHeaderLength, 'must be a number of bytes');
    passed[headerNames.inferenceHeaderLength] = length;
  }
  const type = firstOf(headers[lower.type]);
  if (type !== undefined) passed[headerNames.contentType] = type.slice(0, 200);
  const encoding = firstOf(headers[lower.encoding]);
  if (encoding !== undefined) passed[headerNames.contentEncoding] = encoding;
  const accepted = acceptedEncoding(firstOf(headers[lower.accept]));
  if (accepted !== undefined) passed[headerNames.acceptEncoding] = accepted;
  const key = firstOf(headers[lower.key]);
  if (key !== undefined) passed[headerNames.routingKey] = readKey(key);
  const asked = version ?? firstOf(headers[lower.version]);
  if (asked !== undefined) passed[headerNames.modelVersion] = readVersion(asked);
  return passed;
};
