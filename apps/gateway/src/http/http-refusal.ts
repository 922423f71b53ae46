import { DomainError, type ErrorCode } from '@millrace/contracts';

/** What HTTP itself refuses (method, media type, size of headers …) keeps HTTP's own status beside our code. */
export class HttpRefusal extends DomainError {
  constructor(
    readonly status: number,
    code: ErrorCode,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(code, message);
  }
}
