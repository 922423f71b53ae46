import { nuid, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { encodeJson } from '../wire/json.js';
import type { Endpoint } from './endpoint.js';

export interface ServiceIdentity {
  /** `[A-Za-z0-9_-]+`; also the queue group. */
  name: string;
  /** SemVer. */
  version: string;
  description?: string;
  metadata?: Record<string, string>;
}

/** What discovery reports; read anew for each answer. */
export interface ServiceState {
  endpoints(): Iterable<Endpoint>;
  metadata(): Record<string, string>;
}

const nanos = (ms: number): number => Math.round(ms * 1e6);

/**
 * ADR-32 discovery: answers `$SRV.PING|INFO|STATS[.<name>[.<id>]]`, so that `nats micro ls|info|stats|ping` know us.
 * https://github.com/nats-io/nats-architecture-and-design/blob/main/adr/ADR-32.md
 */
export class Discovery {
  readonly id = nuid.next();
  private readonly started = new Date().toISOString();
  private subscriptions: Subscription[] = [];

  constructor(
    private readonly nc: NatsConnection,
    private readonly service: ServiceIdentity,
    private readonly state: ServiceState,
  ) {
    if (!/^[A-Za-z0-9_-]+$/.test(service.name))
      throw new Error(`service name '${service.name}' is not [A-Za-z0-9_-]+`);
  }

  start(): void {
    const answers = { PING: () => this.ping(), INFO: () => this.info(), STATS: () => this.stats() };
    for (const [verb, answer] of Object.entries(answers)) {
      const callback = (error: Error | null, message: Msg): void => {
        if (!error) message.respond(encodeJson(answer()));
      };
      const subjects = [
        `$SRV.${verb}`,
        `$SRV.${verb}.${this.service.name}`,
        `$SRV.${verb}.${this.service.name}.${this.id}`,
      ];
      this.subscriptions.push(...subjects.map((subject) => this.nc.subscribe(subject, { callback })));
    }
  }

  stop(): void {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    this.subscriptions = [];
  }

  ping() {
    return { type: 'io.nats.micro.v1.ping_response', ...this.identity() };
  }

  info() {
    return {
      type: 'io.nats.micro.v1.info_response',
      ...this.identity(),
      description: this.service.description ?? '',
      endpoints: [...this.state.endpoints()].map(({ options }) => ({
        name: options.name,
        subject: options.subject,
        queue_group: options.queue ?? '',
        metadata: options.metadata ?? {},
      })),
    };
  }

  stats() {
    return {
      type: 'io.nats.micro.v1.stats_response',
      ...this.identity(),
      started: this.started,
      endpoints: [...this.state.endpoints()].map(({ options, stats }) => ({
        name: options.name,
        subject: options.subject,
        queue_group: options.queue ?? '',
        num_requests: stats.requests,
        num_errors: stats.errors,
        last_error: stats.lastError,
        processing_time: nanos(stats.processingMs),
        average_processing_time: stats.requests === 0 ? 0 : nanos(stats.processingMs / stats.requests),
      })),
    };
  }

  private identity() {
    const { name, version } = this.service;
    return { name, id: this.id, version, metadata: this.state.metadata() };
  }
}
