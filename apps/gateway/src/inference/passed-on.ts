import type { IncomingHttpHeaders } from 'node:http';
import { headerNames, InvalidRequest } from '@millrace/contracts';
import { acceptedEncoding } from '@millrace/messaging';

/** By the names in which Node has them. */
const lower = {
  length: headerNames.inferenceHeaderLength.toLowerCase(),
  type: headerNames.contentType.toLowerCase(),
  encoding: headerNames.contentEncoding.toLowerCase(),
  accept: headerNames.acceptEncoding.toLowerCase(),
  key: headerNames.routingKey.toLowerCase(),
};

const textOf = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
};

/**
 * What the inference service is told of a request's headers. Compressed bodies stay so on the road: they are that service's to
 * read, within its limits.
 * @throws InvalidRequest for a length that is none
 */
export const passedOn = (
  headers: IncomingHttpHeaders,
  version: string | undefined,
): Record<string, string> => {
  const passed: Record<string, string> = {};
  const length = textOf(headers, lower.length);
  if (length !== undefined) {
    if (!/^\d{1,10}$/.test(length))
      throw new InvalidRequest([
        { field: headerNames.inferenceHeaderLength, message: 'must be a number of bytes' },
      ]);
    passed[headerNames.inferenceHeaderLength] = length;
  }
  const type = textOf(headers, lower.type);
  if (type !== undefined) passed[headerNames.contentType] = type.slice(0, 200);
  const encoding = textOf(headers, lower.encoding);
  if (encoding !== undefined) passed[headerNames.contentEncoding] = encoding;
  const accepted = acceptedEncoding(textOf(headers, lower.accept));
  if (accepted !== undefined) passed[headerNames.acceptEncoding] = accepted;
  const key = textOf(headers, lower.key);
  if (key !== undefined) passed[headerNames.routingKey] = key.slice(0, 1_000);
  if (version !== undefined) passed[headerNames.modelVersion] = version;
  return passed;
};
