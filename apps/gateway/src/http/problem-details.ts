import { STATUS_CODES } from 'node:http';
import { errorCodes, type DomainError, type ErrorCode, type FieldError } from '@millrace/contracts';
import { HttpRefusal } from './http-refusal.js';

/** RFC 9457, with the code that every road shares. */
export interface ProblemDetails {
  type: 'about:blank';
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  retryable: boolean;
  errors?: FieldError[];
  /** What else the service said about it. */
  details?: Record<string, unknown>;
}

export const problemMediaType = 'application/problem+json; charset=utf-8';

const titles: Record<number, string> = { 499: 'Client Closed Request' };

export const httpStatusOf = (error: DomainError): number =>
  error instanceof HttpRefusal ? error.status : errorCodes[error.code].http;

/** What happened inside of us is for the logs; the caller gets no paths, no SQL, no stack. */
export const detailOf = (error: DomainError): string =>
  error.code === 'internal' && error.cause !== undefined
    ? 'something failed inside; the logs say what'
    : error.message;

export const toProblem = (error: DomainError): ProblemDetails => {
  const status = httpStatusOf(error);
  const { fields, ...details } = error.details ?? {};
  return {
    type: 'about:blank',
    title: titles[status] ?? STATUS_CODES[status] ?? 'Error',
    status,
    detail: detailOf(error),
    code: error.code,
    retryable: error.retryable,
    ...(fields ? { errors: fields } : {}),
    ...(Object.keys(details).length > 0 ? { details } : {}),
  };
};

/** The Open Inference Protocol's form. */
export const toInferenceError = (error: DomainError): { error: string } => ({ error: detailOf(error) });
