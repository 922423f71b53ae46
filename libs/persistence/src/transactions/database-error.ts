import { DomainError } from '@millrace/contracts';

/** PostgreSQL's SQLSTATE, SQLite's result code, or the errno of a socket. */
const codeOf = (thrown: unknown): string => {
  const error = thrown as { code?: unknown; driverError?: { code?: unknown }; cause?: unknown } | undefined;
  return String(error?.driverError?.code ?? error?.code ?? '');
};

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** Class 08 connection exception, 57P01–57P03 shutting down or starting up, 53300 too many connections. */
const connectionCodes =
  /^(08...|57P0[123]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
const connectionMessages =
  /Connection terminated|timeout exceeded when trying to connect|connection timeout|Client has encountered a connection error|not queryable|Query runner already released/i;

export const isConnectionError = (thrown: unknown): boolean =>
  connectionCodes.test(codeOf(thrown)) || connectionMessages.test(messageOf(thrown));

/** Class 28 invalid authorization, 3D invalid catalogue name: whoever set DATABASE_URL can mend it. */
export const connectError = (thrown: unknown): unknown =>
  /^(28|3D)...$/.test(codeOf(thrown))
    ? new DomainError('invalid_request', `DATABASE_URL: ${messageOf(thrown)}`, { cause: thrown })
    : thrown;

/** Another process holds the SQLite file's lock. */
export const isBusy = (thrown: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(codeOf(thrown));

/** A row with this key is there already. */
export const isUniqueViolation = (thrown: unknown): boolean =>
  /^(23505|SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY|ROWID))$/.test(codeOf(thrown));

/** What a database said, as the error that callers act on; anything else comes back as it is. */
export const databaseError = (thrown: unknown): unknown => {
  if (thrown instanceof DomainError) return thrown;
  const code = codeOf(thrown);
  const options = { cause: thrown };
  if (/^(SQLITE_FULL|53100)$/.test(code))
    return new DomainError('storage_full', 'the database has no space left', options);
  if (isBusy(thrown)) return new DomainError('unavailable', 'the database is locked', options);
  if (/^SQLITE_(IOERR|READONLY|CANTOPEN)/.test(code)) {
    return new DomainError('unavailable', `the database cannot be written to: ${messageOf(thrown)}`, options);
  }
  if (/^(40001|40P01|55P03)$/.test(code)) {
    return new DomainError('conflict', 'another transaction was faster; try again', options);
  }
  if (isConnectionError(thrown)) return new DomainError('unavailable', 'the database is away', options);
  return thrown;
};
