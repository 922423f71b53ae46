import { setTimeout as delay } from 'node:timers/promises';
import { DomainError, headerNames, subjectsOf, type Operation, type Subjects } from '@millrace/contracts';
import { currentTraceparent } from '@millrace/observability';
import { errors, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { decodeJson, encodeJson } from '../wire/json.js';
import { errorOf } from '../wire/error-reply.js';
import { rawHeaders } from '../wire/raw-headers.js';
import { askAll, type Answers } from './ask-all.js';
import { Inbox } from './inbox.js';

export interface RequestOptions {
  /** Default: the operation's own, else 5,000. */
  timeoutMs?: number;
  /**
   * Of `performance.now()`, in milliseconds, such as the `expiresAt` of the request on whose behalf we ask; the earliest
   * of these counts.
   */
  expiresAt?: number | undefined;
  /** Epoch milliseconds by our own clock. */
  deadline?: number;
  signal?: AbortSignal;
  /** W3C trace context to be sent along. Default: of the span that we are in. */
  traceparent?: string | undefined;
  /**
   * For requests that come from many sockets, one in each callback: all of one turn of the event loop leave in one write.
   * A request costs 20 to 50 µs less then, and leaves some µs later.
   */
  coalesce?: boolean;
}

export interface RawReply {
  data: Uint8Array;
  header(name: string): string | undefined;
}

const defaultTimeoutMs = 5_000;
const reconnectPollMs = 50;

/**
 * Request-reply, publish and subscribe on one NATS connection. Every failure is a DomainError: the service's own by its
 * code, `unavailable` when nobody answers or the connection is lost, `deadline_exceeded` when the reply is late.
 */
export class MessagingClient {
  readonly subjects: Subjects;
  /** What discovery (`$SRV.INFO`) says about this service beside its endpoints; a component puts its descriptor here. */
  readonly metadata = new Map<string, string>();
  private readonly inbox: Inbox;
  /** Epoch milliseconds. */
  private readonly now: () => number;
  private online = true;
  private connections = 1;

  constructor(
    readonly nc: NatsConnection,
    options: { prefix?: string; inboxPrefix?: string; now?: () => number } = {},
  ) {
    this.now = options.now ?? Date.now;
    this.subjects = subjectsOf(options.prefix);
    this.inbox = new Inbox(nc, options.inboxPrefix);
    void this.watch();
    // It may have been lost before anybody watched; that it is back will be told.
    nc.rtt().catch(() => (this.online = false));
  }

  /** False while the connection is lost; requests are refused at once then, with `unavailable`. */
  get connected(): boolean {
    return this.online && !this.nc.isClosed();
  }

  /** Which connection it is; another one may be to a server that was started anew. */
  get connection(): number {
    return this.connections;
  }

  /** Resolves once the connection is there (again), or when `signal` is aborted. */
  async whenConnected(signal: AbortSignal): Promise<void> {
    while (!this.connected && !this.nc.isClosed() && !signal.aborted)
      await delay(reconnectPollMs, undefined, { signal }).catch(() => undefined);
  }

  /** Calls one operation of a service. The reply is plain JSON, as the service sent it. */
  request<Q extends object, R extends object>(
    operation: Operation<Q, R>,
    body: Q,
    options: RequestOptions = {},
  ): Promise<R> {
    const subject = this.subjects.operation(operation.service, operation.name);
    const timeoutMs = options.timeoutMs ?? operation.timeoutMs ?? defaultTimeoutMs;
    return this.ask(subject, () => encodeJson(body), options, timeoutMs).then(
      (reply) => decodeJson(throwIfError(reply).data) as R,
    );
  }

  /** Bytes in, bytes out, with headers. */
  requestRaw(
    subject: string,
    body: Uint8Array,
    options: RequestOptions & { headers?: Record<string, string> } = {},
  ): Promise<RawReply> {
    return this.ask(subject, () => body, options, options.timeoutMs ?? defaultTimeoutMs).then((reply) => {
      const { data, headers } = throwIfError(reply);
      return { data, header: (name) => headers?.get(name) || undefined };
    });
  }

  /** Asks every replica that is there: for operations of `everyReplica`. */
  requestAll<Q extends object, R extends object>(
    operation: Operation<Q, R>,
    body: Q,
    options: { timeoutMs?: number } = {},
  ): Promise<Answers<R>> {
    if (!this.connected) return Promise.reject(new DomainError('unavailable', 'not connected to NATS'));
    const maxWaitMs = options.timeoutMs ?? operation.timeoutMs ?? defaultTimeoutMs;
    return askAll(this, operation, body, { maxWaitMs, headers: this.headers(maxWaitMs, this.now()) });
  }

  /** Everything that answers within `maxWaitMs`, e.g. on `$SRV.INFO`. Replies that are not JSON are left out. */
  async requestMany(subject: string, body: unknown, options: { maxWaitMs: number }): Promise<unknown[]> {
    const { maxWaitMs } = options;
    const replies: unknown[] = [];
    const iterator = await this.nc.requestMany(subject, encodeJson(body), {
      maxWait: maxWaitMs,
      strategy: 'timer',
    });
    try {
      for await (const message of iterator) {
        try {
          replies.push(decodeJson(message.data));
        } catch {
          // Discovery is open to all: what we can't read isn't for us.
        }
      }
    } catch (error) {
      if (!(error instanceof errors.NoRespondersError))
        throw new DomainError('unavailable', messageOf(error), { cause: error });
    }
    return replies;
  }

  /** Core NATS, JSON, lossy on purpose. */
  publish(subject: string, body: unknown): void {
    if (this.connected) this.nc.publish(subject, this.checked(encodeJson(body)));
  }

  /** Core NATS, JSON. Messages that are not JSON, and failures of the handler, are handed to `onError`. */
  subscribe(
    subject: string,
    handler: (body: unknown, subject: string) => void | Promise<void>,
    options: { queue?: string; onError?: (error: unknown, subject: string) => void } = {},
  ): { unsubscribe(): void } {
    const handle = async (message: Msg): Promise<void> => {
      try {
        await handler(decodeJson(message.data), message.subject);
      } catch (error) {
        options.onError?.(error, message.subject);
      }
    };
    const subscription = this.nc.subscribe(subject, {
      ...(options.queue === undefined ? {} : { queue: options.queue }),
      callback: (error, message) => {
        if (error) options.onError?.(error, subject);
        else void handle(message);
      },
    });
    return { unsubscribe: () => subscription.unsubscribe() };
  }

  /** Ends what waits; the connection stays its owner's. */
  close(): void {
    this.inbox.close();
  }

  private ask(
    subject: string,
    body: () => Uint8Array,
    options: RequestOptions & { headers?: Record<string, string> },
    timeoutMs: number,
  ): Promise<Msg> {
    if (!this.connected) return Promise.reject(new DomainError('unavailable', 'not connected to NATS'));
    const now = this.now();
    const leftMs = shortest(timeoutMs, options, now);
    if (leftMs <= 0) return Promise.reject(new DomainError('deadline_exceeded', 'the deadline has passed'));
    const headers = this.headers(leftMs, now, options.headers, options.traceparent);
    const send = (reply: string) =>
      this.nc.publish(subject, this.checked(body()), headers ? { reply, headers } : { reply });
    return this.inbox.expect(subject, leftMs, send, options);
  }

  private headers(
    leftMs: number,
    now: number,
    more?: Record<string, string>,
    traceparent: string | undefined = currentTraceparent(),
  ): MsgHdrs | undefined {
    return rawHeaders({
      [headerNames.timeout]: String(leftMs),
      [headerNames.deadline]: String(now + leftMs),
      [headerNames.traceparent]: traceparent,
      ...more,
    });
  }

  private checked(body: Uint8Array): Uint8Array {
    const limit = this.nc.info?.max_payload ?? Infinity;
    if (body.length > limit) throw payloadTooLarge(body.length, limit);
    return body;
  }

  private async watch(): Promise<void> {
    for await (const status of this.nc.status()) {
      if (status.type === 'reconnect') {
        this.online = true;
        this.connections++;
      }
      if (status.type === 'disconnect') {
        this.online = false;
        this.inbox.rejectAll(new DomainError('unavailable', 'the connection to NATS was lost'));
      }
    }
  }
}

/** @param limit in bytes */
export const payloadTooLarge = (size: number, limit: number): DomainError =>
  new DomainError(
    'payload_too_large',
    `${size} bytes are more than a message may carry (${limit}): store it as an artifact and send its reference`,
    { details: { size, limit } },
  );

/** In whole milliseconds. */
const shortest = (timeoutMs: number, { expiresAt, deadline }: RequestOptions, now: number): number => {
  let ms = timeoutMs;
  if (deadline !== undefined) ms = Math.min(ms, deadline - now);
  if (expiresAt !== undefined) ms = Math.min(ms, expiresAt - performance.now());
  return Math.floor(ms);
};

const throwIfError = (reply: Msg): Msg => {
  const error = errorOf(reply.headers, reply.data);
  if (error) throw error;
  return reply;
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
