import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { MessagingClient, NatsStrategy, publishStored, type StoredMessage } from '@millrace/messaging';
import { Health, LOGGER, Metrics, type Logger } from '@millrace/observability';
import { OUTBOX_PUBLISHER, type OutboxPublisher } from '@millrace/persistence/publisher';
import type { ServiceDefinition } from '../definition/define-service.js';
import { BaseEnv } from '../env/base.env.js';
import { SERVICE_ENV } from './tokens.js';

export interface Platform {
  definition: ServiceDefinition;
  env: BaseEnv;
  logger: Logger;
  health: Health;
  metrics: Metrics;
}

/** What every service finds: its settings, logger, health, metrics, the NATS strategy, and where the outbox leads. */
@Module({})
export class PlatformModule {
  static of({ definition, env, logger, health, metrics }: Platform): DynamicModule {
    const providers: Provider[] = [
      { provide: SERVICE_ENV, useValue: env },
      { provide: BaseEnv, useValue: env },
      ...(definition.env === BaseEnv ? [] : [{ provide: definition.env, useValue: env }]),
      { provide: LOGGER, useValue: logger },
      { provide: Health, useValue: health },
      { provide: Metrics, useValue: metrics },
      {
        provide: NatsStrategy,
        useFactory: (client: MessagingClient) => strategyOf(client, { definition, env, logger, metrics }),
        inject: [MessagingClient],
      },
      { provide: OUTBOX_PUBLISHER, useFactory: jetStreamPublisher, inject: [MessagingClient] },
    ];
    return { module: PlatformModule, global: true, providers, exports: providers };
  }
}

const strategyOf = (
  client: MessagingClient,
  { definition: { name, version, description }, env, logger, metrics }: Omit<Platform, 'health'>,
): NatsStrategy =>
  new NatsStrategy({
    client,
    service: { name, version, description },
    logger,
    metrics,
    // Leaves time for what has to stop after the last answer.
    drainTimeoutMs: Math.ceil(env.SHUTDOWN_TIMEOUT_MS * 0.6),
  });

/** Acknowledged means stored in a stream: what no stream takes stays in the outbox. */
const jetStreamPublisher = (client: MessagingClient): OutboxPublisher =>
  Object.assign(
    async (message: StoredMessage) => {
      await publishStored(client, message);
    },
    { onAvailable: (listener: () => void) => void onReconnect(client, listener) },
  );

const onReconnect = async (client: MessagingClient, listener: () => void): Promise<void> => {
  for await (const status of client.nc.status()) if (status.type === 'reconnect') listener();
};
