import type { ErrorCode } from '@millrace/contracts';

/** A step cannot be handed out with what there is. */
export class Unbound extends Error {
  constructor(
    message: string,
    readonly code: ErrorCode = 'invalid_request',
  ) {
    super(message);
  }
}
