import { DomainError } from '@millrace/contracts';
import { isRecorded, withTrace, type Logger, type Metrics } from '@millrace/observability';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { DeadlineWheel } from '../client/deadline-wheel.js';
import { payloadTooLarge } from '../client/messaging-client.js';
import { errorReply } from '../wire/error-reply.js';
import { rawHeaders } from '../wire/raw-headers.js';
import type { Backlog } from './backlog.js';
import { domainErrorOf } from './domain-error.filter.js';
import { EndpointObserver, EndpointStats } from './endpoint-stats.js';
import type { RawHandler, RawResult } from './handle.js';
import { RequestContext } from './request-context.js';

export interface EndpointOptions {
  name: string;
  subject: string;
  /** Replicas of one queue group share the requests; without it each gets all. */
  queue?: string;
  handler: RawHandler;
  /** Requests in work at once; more are refused with `overloaded`. */
  maxInFlight: number;
  metadata?: Record<string, string>;
  /**
   * Does what the handler logs and asks of others belong to the trace of its request? To follow it costs about 1 µs; without,
   * it is followed only where spans are recorded.
   */
  traced: boolean;
}

/** What all endpoints of a service share. */
export interface EndpointHost {
  nc: NatsConnection;
  wheel: DeadlineWheel;
  backlog: Backlog;
  /** Epoch milliseconds. */
  now: () => number;
  logger?: Logger;
  metrics?: Metrics;
}

const tooMany = new DomainError('overloaded', 'too many requests in work, try again');
const tooManyReply = errorReply(tooMany);

/** One subject that a service answers: takes requests, runs the handler, replies, counts. */
export class Endpoint {
  readonly stats = new EndpointStats();
  private readonly observe: EndpointObserver | undefined;
  private inFlight = 0;
  private idle: (() => void) | undefined;
  private subscription: Subscription | undefined;

  constructor(
    private readonly host: EndpointHost,
    readonly options: EndpointOptions,
  ) {
    this.observe = host.metrics && new EndpointObserver(host.metrics, options.name);
  }

  start(): void {
    this.subscription = this.host.nc.subscribe(this.options.subject, {
      ...(this.options.queue === undefined ? {} : { queue: this.options.queue }),
      callback: (error, message) => {
        if (error)
          this.host.logger?.error({ err: error, subject: this.options.subject }, 'subscription failed');
        else this.accept(message);
      },
    });
  }

  /** Takes no more requests and waits until those it took are answered. */
  async drain(): Promise<void> {
    if (this.subscription && !this.subscription.isClosed() && !this.host.nc.isClosed())
      await this.subscription.drain();
    if (this.inFlight > 0) await new Promise<void>((resolve) => (this.idle = resolve));
  }

  private accept(message: Msg): void {
    // Without a reply subject nobody would hear of an error.
    if (!message.reply) return;
    this.stats.requests++;
    // Before anything of it is read: many of these come at once.
    if (this.inFlight >= this.options.maxInFlight) return this.fail(message, tooMany, tooManyReply);
    const context = this.read(message);
    if (!context) return;
    if (context.isLate(this.host.backlog.provenMs))
      return this.fail(message, new DomainError('deadline_exceeded', 'the deadline had passed on arrival'));
    this.run(message, context);
  }

  private read(message: Msg): RequestContext | undefined {
    try {
      return new RequestContext(message, this.host.wheel, this.host.now());
    } catch (error) {
      this.fail(message, domainErrorOf(error));
      return undefined;
    }
  }

  /** Without `async`: a handler that answers at once is answered at once, and each promise less is felt. */
  private run(message: Msg, context: RequestContext): void {
    const { handler, name, traced } = this.options;
    const began = performance.now();
    this.inFlight++;
    const succeed = (result: RawResult): void => {
      try {
        this.reply(message, result);
      } catch (error) {
        this.fail(message, domainErrorOf(error));
      }
      this.done(context, began);
    };
    const fail = (error: unknown): void => {
      this.fail(message, domainErrorOf(error));
      this.done(context, began);
    };
    try {
      const result =
        traced || isRecorded()
          ? withTrace(context.traceparent, name, () => handler(message.data, context))
          : handler(message.data, context);
      if (result instanceof Promise) result.then(succeed, fail);
      else succeed(result);
    } catch (error) {
      fail(error);
    }
  }

  private done(context: RequestContext, began: number): void {
    this.inFlight--;
    context.done();
    const ms = performance.now() - began;
    this.stats.processingMs += ms;
    this.observe?.answered(ms);
    if (this.inFlight === 0) this.idle?.();
  }

  private reply(message: Msg, { data, headers }: RawResult): void {
    const limit = this.host.nc.info?.max_payload ?? Infinity;
    if (data.length > limit) throw payloadTooLarge(data.length, limit);
    const encoded = headers && rawHeaders(headers);
    message.respond(data, encoded ? { headers: encoded } : undefined);
  }

  private fail(message: Msg, error: DomainError, reply?: ReturnType<typeof errorReply>): void {
    this.stats.failed(error.code, error.message);
    this.observe?.failed(error.code);
    const { logger } = this.host;
    const { name } = this.options;
    if (error.code === 'internal') logger?.error({ err: error, endpoint: name }, 'request failed');
    else logger?.debug({ code: error.code, reason: error.message, endpoint: name }, 'request refused');
    try {
      const { data, headers } = reply ?? errorReply(error);
      message.respond(data, headers ? { headers } : undefined);
    } catch (err) {
      // Only a closed connection gets here; the caller times out.
      logger?.warn({ err, endpoint: name }, 'reply could not be sent');
    }
  }
}
