import { DomainError, errorCodes, headerNames, isErrorCode, type ErrorCode } from '@millrace/contracts';
import type { MsgHdrs } from '@nats-io/transport-node';
import { decodeJson, encodeJson } from './json.js';
import { rawHeaders } from './raw-headers.js';

/** What goes over the wire for an error: ADR-32 headers and the JSON `ErrorBody`. */
export const errorReply = (error: DomainError): { data: Uint8Array; headers: MsgHdrs | undefined } => ({
  data: encodeJson(error.toBody()),
  headers: rawHeaders({
    [headerNames.serviceErrorCode]: String(errorCodes[error.code].http),
    [headerNames.serviceError]: error.message.slice(0, 500),
  }),
});

/** The error that a reply carries, or undefined. Services that are not ours may send headers alone. */
export const errorOf = (headers: MsgHdrs | undefined, data: Uint8Array): DomainError | undefined => {
  const numeric = headers?.get(headerNames.serviceErrorCode);
  if (!headers || !numeric) return undefined;
  try {
    const body = decodeJson(data);
    if (isErrorCode((body as { code?: unknown }).code)) return DomainError.fromBody(body);
  } catch {
    // Not our body: the headers say all there is.
  }
  return new DomainError(
    codeOfStatus(Number(numeric)),
    headers.get(headerNames.serviceError) || `error ${numeric}`,
  );
};

const codeOfStatus = (status: number): ErrorCode =>
  (Object.keys(errorCodes) as ErrorCode[]).find((code) => errorCodes[code].http === status) ??
  (status >= 400 && status < 500 ? 'invalid_request' : 'internal');
