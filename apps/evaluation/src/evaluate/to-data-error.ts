import { DomainError, toDomainError } from '@millrace/contracts';
import { MlError } from '@millrace/ml';

/** What cannot be evaluated is the fault of the data: it names column and row, and is not tried again. */
export const toDataError = (thrown: unknown): DomainError =>
  thrown instanceof MlError
    ? new DomainError('data_invalid', thrown.message, {
        details: { reason: thrown.code, ...thrown.details },
        cause: thrown,
      })
    : toDomainError(thrown);
