import { DomainError, toDomainError } from '@millrace/contracts';
import { printable } from './printable.js';

export const startHint =
  'nothing runs here. Start it with: npm start, or: npx millrace up. Elsewhere: NATS_URL says where.';

/** An error with where in a file it comes from, when the file is the caller's own. */
export class InFile extends DomainError {
  constructor(
    readonly file: string,
    cause: DomainError,
  ) {
    super(cause.code, cause.message, { retryable: cause.retryable, details: cause.details, cause });
  }
}

const fieldLines = (error: DomainError): string[] =>
  (error.details?.fields ?? []).map(({ field, message, ...rest }) => {
    const line = (rest as { line?: number }).line;
    const where = error instanceof InFile ? `${error.file}${line === undefined ? '' : `:${line}`}: ` : '';
    return `  ${where}${field}: ${message}`;
  });

/** For people: what is wrong, every field on a line of its own. */
export const describeFailure = (thrown: unknown): string => {
  const error = toDomainError(thrown);
  const fields = fieldLines(error);
  const head = fields.length > 0 ? 'the request is not valid' : error.message;
  return printable([`millrace: ${head}`, ...fields].join('\n'));
};

/** For programs: the same body as on every road. */
export const failureBody = (thrown: unknown): object => ({ error: toDomainError(thrown).toBody() });
