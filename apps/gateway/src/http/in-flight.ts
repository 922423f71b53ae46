import { Injectable } from '@nestjs/common';
import { DomainError } from '@millrace/contracts';
import { GatewayEnv } from '../config/gateway.env.js';

/** Refuses at once what could only queue: the services behind answer sooner when they are not flooded. */
@Injectable()
export class InFlight {
  private count = 0;

  constructor(private readonly env: GatewayEnv) {}

  get isFull(): boolean {
    return this.count >= this.env.HTTP_MAX_IN_FLIGHT;
  }

  /**
   * @returns what to call, once, when the request has ended
   * @throws DomainError `overloaded`
   */
  enter(): () => void {
    if (this.isFull)
      throw new DomainError(
        'overloaded',
        `${this.env.HTTP_MAX_IN_FLIGHT} requests are being answered already`,
      );
    this.count += 1;
    return () => void (this.count -= 1);
  }
}
