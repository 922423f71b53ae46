import { headerNames, InvalidRequest } from '@millrace/contracts';
import { withTrace } from '@millrace/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';

export const headerOf = (request: FastifyRequest, name: string): string | undefined =>
  [request.headers[name.toLowerCase()]].flat()[0];

/** Epoch milliseconds. */
export const deadlineOf = (request: FastifyRequest): number | undefined => {
  const text = headerOf(request, headerNames.deadline);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) {
    throw new InvalidRequest([{ field: headerNames.deadline, message: 'must be epoch milliseconds' }]);
  }
  return Number(text);
};

export const bodyOf = (request: FastifyRequest): Uint8Array =>
  request.body instanceof Uint8Array ? request.body : new Uint8Array();

export interface Caller {
  deadline?: number;
  /** Aborted when the client hangs up. */
  signal: AbortSignal;
}

/** Does something for whoever called: within its deadline and trace, and only while it still listens. */
export const onBehalfOf = <T>(
  request: FastifyRequest,
  reply: FastifyReply,
  name: string,
  work: (caller: Caller) => Promise<T>,
): Promise<T> => {
  const deadline = deadlineOf(request);
  const gone = new AbortController();
  const hungUp = () => gone.abort();
  reply.raw.once('close', hungUp);
  return withTrace(headerOf(request, headerNames.traceparent), name, () =>
    work({ ...(deadline === undefined ? {} : { deadline }), signal: gone.signal }),
  ).finally(() => reply.raw.off('close', hungUp));
};
