import { DomainError, errorCodes, toDomainError, type ErrorCode } from '@millrace/contracts';
import { Catch, HttpException, type RpcExceptionFilter } from '@nestjs/common';
import { RpcException } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';

/** Keeps Nest from replacing what a handler, pipe or guard threw by its own "Internal server error". */
@Catch()
export class DomainErrorFilter implements RpcExceptionFilter<unknown> {
  catch(exception: unknown): Observable<never> {
    return throwError(() => domainErrorOf(exception));
  }
}

/** Nest's own exceptions by their status, everything else as `toDomainError` has it. */
export const domainErrorOf = (thrown: unknown): DomainError => {
  if (thrown instanceof HttpException)
    return new DomainError(codeOfHttp(thrown.getStatus()), thrown.message, { cause: thrown });
  // What a guard's `false` becomes.
  if (thrown instanceof RpcException && thrown.message === 'Forbidden resource')
    return new DomainError('forbidden', 'not allowed', { cause: thrown });
  return toDomainError(thrown);
};

const codeOfHttp = (status: number): ErrorCode =>
  (Object.keys(errorCodes) as ErrorCode[]).find((code) => errorCodes[code].http === status) ?? 'internal';
