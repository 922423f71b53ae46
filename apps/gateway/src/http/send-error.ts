import type { DomainError } from '@millrace/contracts';
import type { FastifyReply } from 'fastify';
import { HttpRefusal } from './http-refusal.js';
import { httpStatusOf, problemMediaType, toInferenceError, toProblem } from './problem-details.js';

export const pathOf = (url: string): string => url.split('?', 1)[0] ?? url;

/** RFC 9457, and below `/v2` what the Open Inference Protocol wants. */
export const sendError = (reply: FastifyReply, url: string, error: DomainError): void => {
  const status = httpStatusOf(error);
  const inference = /^\/v2(?:\/|$)/.test(pathOf(url));
  if (error instanceof HttpRefusal) reply.headers(error.headers);
  if (status === 503) reply.header('Retry-After', '1');
  void reply
    .code(status)
    .header('X-Content-Type-Options', 'nosniff')
    .type(inference ? 'application/json; charset=utf-8' : problemMediaType)
    .send(JSON.stringify(inference ? toInferenceError(error) : toProblem(error)));
};
