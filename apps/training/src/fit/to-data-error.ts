import { DomainError, toDomainError } from '@millrace/contracts';
import { MlError } from '@millrace/ml';

/** What cannot be learned from is the fault of data or parameters: it names column and row, and is not tried again. */
export const toDataError = (thrown: unknown): DomainError => {
  if (!(thrown instanceof MlError)) return toDomainError(thrown);
  const { code, message, details } = thrown;
  if (code === 'aborted') return new DomainError('cancelled', message, { cause: thrown });
  const wrongRequest = code === 'invalid_option' || code === 'too_many_features';
  return new DomainError(wrongRequest ? 'invalid_request' : 'data_invalid', message, {
    details: { reason: code, ...details },
    cause: thrown,
  });
};
