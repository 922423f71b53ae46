import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { DomainError } from '@millrace/contracts';
import { finalize, type Observable } from 'rxjs';
import { GatewayEnv } from '../config/gateway.env.js';

/** Refuses at once what could only queue: the services behind answer sooner when they are not flooded. */
@Injectable()
export class InFlightInterceptor implements NestInterceptor {
  private inFlight = 0;

  constructor(private readonly env: GatewayEnv) {}

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const limit = this.env.HTTP_MAX_IN_FLIGHT;
    if (this.inFlight >= limit)
      throw new DomainError('overloaded', `${limit} requests are being answered already`);
    this.inFlight += 1;
    return next.handle().pipe(finalize(() => (this.inFlight -= 1)));
  }
}
