import { DomainError, type ErrorCode } from '@millrace/contracts';
import { MlError, type MlErrorCode } from '@millrace/ml';

const requests: readonly MlErrorCode[] = ['unknown_column', 'invalid_spec', 'invalid_option'];

/** For `catch`: what libs/ml refuses is wrong in the params or in the data. */
export const toDataError = (error: unknown): never => {
  if (!(error instanceof MlError)) throw error;
  const code: ErrorCode =
    error.code === 'aborted'
      ? 'cancelled'
      : requests.includes(error.code)
        ? 'invalid_request'
        : 'data_invalid';
  throw new DomainError(code, error.message, {
    details: { ...error.details, reason: error.code },
    cause: error,
  });
};
