import { headerNames, InvalidRequest } from '@millrace/contracts';
import { withTrace } from '@millrace/observability';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The first of a header's values. */
export const headerOf = (headers: IncomingHttpHeaders, name: string): string | undefined =>
  firstOf(headers[name.toLowerCase()]);

/** The same where its name is written as Node has it. */
export const firstOf = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'object' ? value[0] : value;

const numberIn = (headers: IncomingHttpHeaders, name: string, unit: string): number | undefined => {
  const text = headerOf(headers, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new InvalidRequest([{ field: name, message: `must be ${unit}` }]);
  return Number(text);
};

/**
 * Until when the client waits, by `performance.now()`. What it says in milliseconds counts before what it says as a time of
 * day: its clock may be wrong.
 */
export const expiryOf = (headers: IncomingHttpHeaders): number | undefined => {
  const timeoutMs = numberIn(headers, headerNames.timeout, 'milliseconds');
  const deadline = numberIn(headers, headerNames.deadline, 'epoch milliseconds');
  const leftMs = timeoutMs ?? (deadline === undefined ? undefined : deadline - Date.now());
  return leftMs === undefined ? undefined : performance.now() + leftMs;
};

export const bodyOf = (request: FastifyRequest): Uint8Array =>
  request.body instanceof Uint8Array ? request.body : new Uint8Array();

export interface Caller {
  /** Of `performance.now()`: it waits no longer. */
  expiresAt: number | undefined;
  /** Aborted when the client hangs up. */
  signal: AbortSignal;
}

/** Does something for whoever called: within its time and trace, and only while it still listens. */
export const onBehalfOf = <T>(
  request: FastifyRequest,
  reply: FastifyReply,
  name: string,
  work: (caller: Caller) => Promise<T>,
): Promise<T> => {
  const expiresAt = expiryOf(request.headers);
  const gone = new AbortController();
  const hungUp = () => gone.abort();
  reply.raw.once('close', hungUp);
  return withTrace(headerOf(request.headers, headerNames.traceparent), name, () =>
    work({ expiresAt, signal: gone.signal }),
  ).finally(() => reply.raw.off('close', hungUp));
};
