import { headerNames } from '@millrace/contracts';
import type { Msg } from '@nats-io/transport-node';
import { HeaderReader } from '../wire/header-reader.js';
import type { DeadlineWheel, Expiring } from '../client/deadline-wheel.js';
import { isLate, timeLimitOf, type TimeLimit } from './time-limit.js';

/** What a handler may know about its request beside the body. */
export class RequestContext implements Expiring {
  private readonly headers: HeaderReader;
  private readonly limit: TimeLimit;
  private controller: AbortController | undefined;
  private bucket = -1;

  /**
   * @param now epoch milliseconds, by our clock
   * @throws InvalidRequest for a timeout that is no number
   */
  constructor(
    private readonly message: Msg,
    private readonly wheel: DeadlineWheel,
    now: number,
  ) {
    this.headers = new HeaderReader(message);
    const { timeout, deadline } = headerNames;
    this.limit = timeLimitOf(this.get(timeout), this.get(deadline), performance.now(), now);
  }

  /**
   * Of `performance.now()`, in milliseconds: nobody waits for the reply after it. What is asked of others meanwhile
   * should end by then too: `client.request(…, { expiresAt: context.expiresAt })`.
   */
  get expiresAt(): number | undefined {
    return this.limit.expiresAt;
  }

  /** W3C trace context of the caller. */
  get traceparent(): string | undefined {
    return this.get(headerNames.traceparent);
  }

  get subject(): string {
    return this.message.subject;
  }

  /** A header of the request, case as sent. */
  get(name: string): string | undefined {
    return this.headers.get(name);
  }

  /** On receipt: does nobody wait for it any more? @param waitedMs how long it has waited for us at least */
  isLate(waitedMs: () => number): boolean {
    return isLate(this.limit, waitedMs);
  }

  /** Aborted when nobody waits any more. Made on first use, so that requests which ignore it don't pay for it. */
  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      const { expiresAt } = this.limit;
      if (expiresAt !== undefined) this.bucket = this.wheel.add(this, expiresAt - performance.now());
    }
    return this.controller.signal;
  }

  expire(): void {
    this.controller?.abort();
  }

  /** Called once the reply is sent. */
  done(): void {
    if (this.bucket >= 0) this.wheel.remove(this, this.bucket);
  }
}
