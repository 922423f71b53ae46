import type { DomainError } from '@millrace/contracts';
import type { FastifyReply } from 'fastify';
import { HttpRefusal } from './http-refusal.js';
import { httpStatusOf, problemMediaType, toInferenceError, toProblem } from './problem-details.js';

export const pathOf = (url: string): string => url.split('?', 1)[0] ?? url;

/** RFC 9457, and below `/v2` what the Open Inference Protocol wants. */
export const errorAnswer = (
  url: string,
  error: DomainError,
): { status: number; headers: Record<string, string>; body: string } => {
  const status = httpStatusOf(error);
  const inference = /^\/v2(?:\/|$)/.test(pathOf(url));
  return {
    status,
    headers: {
      ...(error instanceof HttpRefusal ? error.headers : {}),
      ...(status === 503 ? { 'Retry-After': '1' } : {}),
      'X-Content-Type-Options': 'nosniff',
      'Content-Type': inference ? 'application/json; charset=utf-8' : problemMediaType,
    },
    body: JSON.stringify(inference ? toInferenceError(error) : toProblem(error)),
  };
};

export const sendError = (reply: FastifyReply, url: string, error: DomainError): void => {
  const { status, headers, body } = errorAnswer(url, error);
  void reply.code(status).headers(headers).send(body);
};
