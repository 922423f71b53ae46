import { Injectable } from '@nestjs/common';
import { DomainError } from '@millrace/contracts';
import { GatewayEnv } from '../config/gateway.env.js';

/** Refuses at once what could only queue: the services behind answer sooner when they are not flooded. */
@Injectable()
export class InFlight {
  private count = 0;

  constructor(private readonly env: GatewayEnv) {}

  /**
   * @returns what to call, once, when the request has ended
   * @throws DomainError `overloaded`
   */
  enter(): () => void {
    const limit = this.env.HTTP_MAX_IN_FLIGHT;
    if (this.count >= limit)
      throw new DomainError('overloaded', `${limit} requests are being answered already`);
    this.count += 1;
    return () => void (this.count -= 1);
  }
}
