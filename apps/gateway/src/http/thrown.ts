import { HttpException } from '@nestjs/common';
import { DomainError, errorCodes, InvalidRequest, type ErrorCode } from '@millrace/contracts';
import { HttpRefusal } from './http-refusal.js';

/** Errors of Fastify and Node carry one. */
interface Coded {
  code?: string;
  statusCode?: number;
  message: string;
}

const codeOfStatus = (status: number): ErrorCode =>
  (Object.keys(errorCodes) as ErrorCode[]).find((code) => errorCodes[code].http === status) ??
  (status < 500 ? 'invalid_request' : 'internal');

const refusal = (status: number, message: string): DomainError =>
  errorCodes[codeOfStatus(status)].http === status
    ? new DomainError(codeOfStatus(status), message)
    : new HttpRefusal(status, codeOfStatus(status), message);

const isCoded = (thrown: unknown): thrown is Coded & { statusCode: number } =>
  thrown instanceof Error && typeof (thrown as Coded).statusCode === 'number';

/** Anything that a handler, Nest or Fastify threw, as the error that the caller is told. */
export const fromThrown = (thrown: unknown): DomainError => {
  if (thrown instanceof DomainError) return thrown;
  if (thrown instanceof HttpException) return refusal(thrown.getStatus(), thrown.message);
  if (isCoded(thrown) && thrown.statusCode < 500)
    return refusal(thrown.statusCode, thrown.message.slice(0, 300));
  if (thrown instanceof URIError) return new InvalidRequest([{ field: 'url', message: 'is malformed' }]);
  return new DomainError('internal', thrown instanceof Error ? thrown.message : String(thrown), {
    cause: thrown,
  });
};
