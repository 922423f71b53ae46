import { headerNames } from '@millrace/contracts';
import type { Msg } from '@nats-io/transport-node';
import { HeaderReader } from '../wire/header-reader.js';
import type { DeadlineWheel, Expiring } from '../client/deadline-wheel.js';

/** What a handler may know about its request beside the body. */
export class RequestContext implements Expiring {
  /** Epoch milliseconds: nobody waits for the reply after it. */
  readonly deadline: number | undefined;
  private readonly headers: HeaderReader;
  private controller: AbortController | undefined;
  private bucket = -1;

  constructor(
    private readonly message: Msg,
    private readonly wheel: DeadlineWheel,
  ) {
    this.headers = new HeaderReader(message);
    const deadline = Number(this.get(headerNames.deadline));
    // What is no number is no deadline.
    this.deadline = Number.isFinite(deadline) ? deadline : undefined;
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

  get late(): boolean {
    return this.deadline !== undefined && this.deadline <= Date.now();
  }

  /** Aborted at the deadline. Made on first use, so that requests which ignore it don't pay for it. */
  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      if (this.deadline !== undefined) this.bucket = this.wheel.add(this, this.deadline - Date.now());
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
