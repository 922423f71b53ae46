import type { Logger } from '@millrace/observability';
import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { MessagingClient } from './client/messaging-client.js';
import { connectNats, type NatsOptions } from './connection/connect-nats.js';
import { CompletionQueue } from './jetstream/completion-queue.js';
import { EventBus } from './jetstream/event-bus.js';
import { WorkQueue } from './jetstream/work-queue.js';

/** Injects the `NatsConnection`. */
export const NATS_CONNECTION = Symbol('NATS_CONNECTION');

export type MessagingModuleOptions = {
  /** Subject prefix; default `millrace.v1`. */
  prefix?: string;
  logger?: Logger;
} & (({ connection: NatsConnection } & { url?: undefined }) | ({ connection?: undefined } & NatsOptions));

const owned = Symbol('whether the connection is ours to close');

/** NATS for the whole application: connection, client, work queue, completions, events. Drained on shutdown. */
@Module({})
export class MessagingModule implements OnApplicationShutdown {
  constructor(
    @Inject(NATS_CONNECTION) private readonly nc: NatsConnection,
    @Inject(MessagingClient) private readonly client: MessagingClient,
    @Inject(owned) private readonly ownsConnection: boolean,
  ) {}

  static forRoot(options: MessagingModuleOptions): DynamicModule {
    const { prefix, logger } = options;
    const connection =
      options.connection === undefined ? () => connectNats(options) : () => options.connection;
    const providers: Provider[] = [
      { provide: NATS_CONNECTION, useFactory: connection },
      { provide: owned, useValue: options.connection === undefined },
      {
        provide: MessagingClient,
        useFactory: (nc: NatsConnection) => new MessagingClient(nc, prefix === undefined ? {} : { prefix }),
        inject: [NATS_CONNECTION],
      },
      ...[WorkQueue, CompletionQueue, EventBus].map((queue) => ({
        provide: queue,
        useFactory: (client: MessagingClient) => new queue(client, logger),
        inject: [MessagingClient],
      })),
    ];
    return {
      module: MessagingModule,
      global: true,
      providers,
      exports: [NATS_CONNECTION, MessagingClient, WorkQueue, CompletionQueue, EventBus],
    };
  }

  /** Last of all hooks, so that what stops before may still speak. */
  async onApplicationShutdown(): Promise<void> {
    this.client.close();
    if (this.ownsConnection && !this.nc.isClosed()) await this.nc.drain().catch(() => this.nc.close());
  }
}
