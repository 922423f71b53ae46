import { errorCodes, isErrorCode, type ErrorCode } from './error-codes.js';

/** One mistake in one field of a request. `field` is a path such as `steps[2].params.column`. */
export interface FieldError {
  field: string;
  message: string;
  /** 1-based, where what was sent is a text, such as a pipeline's YAML. */
  line?: number;
}

/** The body of every error on every road. */
export interface ErrorBody {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  details?: { fields?: FieldError[]; [key: string]: unknown };
}

/**
 * The only error that services throw on purpose. Matched by `code` across the wire, never by `instanceof`;
 * its cause stays in the logs and is never sent.
 */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly details: ErrorBody['details'];

  constructor(
    code: ErrorCode,
    message: string,
    options: { retryable?: boolean; details?: ErrorBody['details']; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.retryable = options.retryable ?? errorCodes[code].retryable;
    this.details = options.details;
  }

  toBody(): ErrorBody {
    const { code, message, retryable, details } = this;
    return details === undefined ? { code, message, retryable } : { code, message, retryable, details };
  }

  static fromBody(body: unknown): DomainError {
    const b = (typeof body === 'object' && body !== null ? body : {}) as Partial<ErrorBody>;
    const code = isErrorCode(b.code) ? b.code : 'internal';
    return new DomainError(code, typeof b.message === 'string' ? b.message : 'unknown error', {
      ...(typeof b.retryable === 'boolean' ? { retryable: b.retryable } : {}),
      ...(b.details ? { details: b.details } : {}),
    });
  }
}

/** A request whose named fields are wrong. All mistakes at once. */
export class InvalidRequest extends DomainError {
  constructor(fields: FieldError[], message?: string) {
    super('invalid_request', message ?? fields.map((f) => `${f.field}: ${f.message}`).join('; '), {
      details: { fields },
    });
  }
}

export class NotFound extends DomainError {
  constructor(what: string, name: string, message = `${what} '${name}' does not exist`) {
    super('not_found', message, { details: { [what]: name } });
  }
}

/** Turns anything thrown into a DomainError, keeping the cause. */
export const toDomainError = (thrown: unknown): DomainError =>
  thrown instanceof DomainError
    ? thrown
    : new DomainError('internal', thrown instanceof Error ? thrown.message : String(thrown), {
        cause: thrown,
      });
