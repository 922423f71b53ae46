import { setTimeout as delay } from 'node:timers/promises';
import type { Logger, Metrics } from '@millrace/observability';
import { DomainError, InvalidRequest } from '@millrace/contracts';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { DeadlineWheel } from '../client/deadline-wheel.js';
import type { MessagingClient } from '../client/messaging-client.js';
import { decodeJson, encodeJson } from '../wire/json.js';
import { Backlog } from './backlog.js';
import { Discovery, type ServiceIdentity } from './discovery.js';
import { Endpoint } from './endpoint.js';
import { validateDto } from './validate-dto.js';
import type { EndpointExtras, RawHandler, RawResult } from './handle.js';
import type { RequestContext } from './request-context.js';

const againMs = 50;

export interface NatsStrategyOptions {
  client: MessagingClient;
  service: ServiceIdentity;
  logger?: Logger;
  /** Gets `millrace_request_duration_seconds` and `millrace_request_errors_total`. */
  metrics?: Metrics;
  /** Requests in work at once per endpoint; more are refused with `overloaded`. Default 1,000. */
  maxInFlight?: number;
  /** How long `close()` waits for requests in work, in milliseconds. Default 10,000. */
  drainTimeoutMs?: number;
  /** Epoch milliseconds; for tests. Default `Date.now`. */
  now?: () => number;
}

/**
 * Nest's transport for NATS as Millrace speaks it: plain JSON both ways, one queue group per service, errors as headers
 * and body, deadlines, discovery (ADR-32), and a stop that answers what was accepted.
 */
export class NatsStrategy extends Server implements CustomTransportStrategy {
  private readonly endpoints = new Map<string, Endpoint>();
  private readonly wheel = new DeadlineWheel();
  private readonly backlog: Backlog;
  private readonly discovery: Discovery;
  private listening = false;

  constructor(private readonly options: NatsStrategyOptions) {
    super();
    const { client, service } = options;
    this.backlog = new Backlog(() => client.nc.flush());
    this.discovery = new Discovery(client.nc, service, {
      endpoints: () => this.endpoints.values(),
      metadata: () => ({
        ...service.metadata,
        'millrace.prefix': client.subjects.prefix,
        ...Object.fromEntries(client.metadata),
      }),
    });
  }

  /** Identifies this replica in discovery. */
  get id(): string {
    return this.discovery.id;
  }

  listen(callback: (error?: unknown) => void): void {
    try {
      for (const [pattern, handler] of this.messageHandlers) this.bind(pattern, handler);
    } catch (error) {
      return callback(error);
    }
    this.listening = true;
    for (const endpoint of this.endpoints.values()) endpoint.start();
    this.discovery.start();
    this.known().then(() => callback(), callback);
  }

  /**
   * Ready only when the server knows the subscriptions. Another connection brings them along, and is asked then.
   * @throws DomainError `unavailable` when the connection has been closed for good
   */
  private async known(): Promise<void> {
    const { client, logger } = this.options;
    for (let failures = 0; !client.nc.isClosed(); failures++)
      try {
        return await client.nc.flush();
      } catch (error) {
        const reason = (error as Error).message;
        if (failures === 0)
          logger?.warn({ reason }, 'NATS went away while the service started; waiting for it');
        await delay(againMs);
      }
    throw new DomainError('unavailable', 'the connection to NATS ended while the service started');
  }

  async close(): Promise<void> {
    if (!this.listening) return;
    this.listening = false;
    this.discovery.stop();
    await this.settled([...this.endpoints.values()].map((endpoint) => endpoint.drain()));
    this.wheel.stop();
    if (!this.options.client.nc.isClosed()) await this.settled([this.options.client.nc.flush()]);
  }

  /** An endpoint that comes and goes while the service runs, past Nest altogether: the fast road of predictions. */
  addRaw(name: string, subject: string, handler: RawHandler, metadata?: Record<string, string>): void {
    if (this.endpoints.has(name)) throw new Error(`endpoint '${name}' exists`);
    const endpoint = this.endpoint(name, subject, handler, { metadata, traced: false });
    if (this.listening) endpoint.start();
  }

  /** Stops an endpoint after it has answered what it accepted. */
  async remove(name: string): Promise<void> {
    const endpoint = this.endpoints.get(name);
    this.endpoints.delete(name);
    await endpoint?.drain();
  }

  on(): void {
    throw new Error('use the NATS connection itself to watch its status');
  }

  unwrap<T>(): T {
    return this.options.client.nc as T;
  }

  private bind(pattern: string, handler: MessageHandler): void {
    const { subjects } = this.options.client;
    const extras = (handler.extras as Partial<EndpointExtras> | undefined)?.millrace;
    if (!extras) throw new Error(`'${pattern}' is not declared by @Handle or @HandleRaw`);
    const name = pattern.replaceAll('.', '-');
    if (extras.kind === 'raw') {
      const raw: RawHandler = (data, context) => answer(handler, data, context, asIs);
      this.endpoint(name, extras.subject(subjects), raw);
    } else {
      const { service, name: operation, summary, request, everyReplica = false } = extras.operation;
      const json: RawHandler = (data, context) =>
        answer(handler, validateDto(request, parse(data)), context, toJson);
      this.endpoint(name, subjects.operation(service, operation), json, {
        metadata: { summary },
        everyReplica,
      });
    }
  }

  private endpoint(
    name: string,
    subject: string,
    handler: RawHandler,
    {
      metadata,
      everyReplica = false,
      traced = true,
    }: { metadata?: Record<string, string> | undefined; everyReplica?: boolean; traced?: boolean } = {},
  ): Endpoint {
    const { client, service, logger, metrics, maxInFlight = 1_000, now = Date.now } = this.options;
    const { wheel, backlog } = this;
    const endpoint = new Endpoint(
      { nc: client.nc, wheel, backlog, now, ...(logger ? { logger } : {}), ...(metrics ? { metrics } : {}) },
      {
        name,
        subject,
        ...(everyReplica ? {} : { queue: service.name }),
        handler,
        maxInFlight,
        traced,
        ...(metadata ? { metadata } : {}),
      },
    );
    this.endpoints.set(name, endpoint);
    return endpoint;
  }

  private async settled(work: Promise<unknown>[]): Promise<void> {
    const { drainTimeoutMs = 10_000, logger } = this.options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), drainTimeoutMs);
    });
    const outcome = await Promise.race([Promise.allSettled(work), late]);
    clearTimeout(timer);
    if (outcome === 'late') logger?.warn({ drainTimeoutMs }, 'stopping with requests unanswered');
  }
}

const parse = (data: Uint8Array): unknown => {
  try {
    return decodeJson(data);
  } catch (error) {
    throw new InvalidRequest([{ field: 'body', message: `is not JSON: ${(error as Error).message}` }]);
  }
};

const asIs = (result: unknown): RawResult => result as RawResult;

const toJson = (result: unknown): RawResult => ({ data: encodeJson(result) });

/** Nest answers with a value; with an observable for errors, and where an interceptor is in the way. */
const answer = (
  handler: MessageHandler,
  body: unknown,
  context: RequestContext,
  convert: (result: unknown) => RawResult,
): Promise<RawResult> =>
  handler(body, context).then((result: unknown) =>
    isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }).then(convert) : convert(result),
  );
