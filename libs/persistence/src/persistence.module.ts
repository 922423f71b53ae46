import {
  Module,
  Optional,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { Health, LOGGER, Metrics, type Logger } from '@millrace/observability';
import { getRepositoryToken } from '@nestjs/typeorm';
import { DataSource, EntityManager } from 'typeorm';
import { openDataSource, type DatabaseOptions } from './data-source/open-data-source.js';
import { Inbox } from './inbox/inbox.js';
import { Outbox } from './outbox/outbox.js';
import { OUTBOX_PUBLISHER, type OutboxPublisher } from './outbox/outbox-publisher.js';
import { OutboxRelay } from './outbox/outbox-relay.js';
import { OutboxTable } from './outbox/outbox-table.js';
import { checkDatabase } from './persistence-health.js';
import { Transactions } from './transactions/transactions.js';

export interface PersistenceOptions extends DatabaseOptions {
  /** `false` for a service that publishes nothing: it needs no OUTBOX_PUBLISHER. */
  outbox?: boolean;
}

const optional = (token: symbol | typeof Metrics | typeof Health) => ({ token, optional: true });
const hourMs = 60 * 60 * 1000;

const relayProvider: Provider = {
  provide: OutboxRelay,
  useFactory: (dataSource: DataSource, publisher: OutboxPublisher, logger?: Logger, metrics?: Metrics) =>
    new OutboxRelay(new OutboxTable(dataSource), publisher, logger, metrics),
  inject: [DataSource, OUTBOX_PUBLISHER, optional(LOGGER), optional(Metrics)],
};

/**
 * A service's own database: `DataSource`, `EntityManager`, the repositories of its entities, `Transactions`, `Outbox`,
 * `Inbox`, for the whole service. Its data source is no global of TypeORM's, so several services share one process.
 */
@Module({})
export class PersistenceModule implements OnApplicationBootstrap, OnApplicationShutdown {
  private pruning: NodeJS.Timeout | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly inbox: Inbox,
    @Optional() private readonly relay?: OutboxRelay,
  ) {}

  static forRoot(options: PersistenceOptions): DynamicModule {
    const providers: Provider[] = [
      {
        provide: DataSource,
        useFactory: (logger?: Logger) => openDataSource(options, logger),
        inject: [optional(LOGGER)],
      },
      {
        provide: EntityManager,
        useFactory: (dataSource: DataSource) => dataSource.manager,
        inject: [DataSource],
      },
      ...options.entities.map((entity) => ({
        provide: getRepositoryToken(entity),
        useFactory: (dataSource: DataSource) => dataSource.getRepository(entity),
        inject: [DataSource],
      })),
      {
        provide: Transactions,
        useFactory: (dataSource: DataSource, health?: Health) => {
          const transactions = new Transactions(dataSource);
          health?.add('database', () => checkDatabase(dataSource, transactions));
          return transactions;
        },
        inject: [DataSource, optional(Health)],
      },
      Outbox,
      Inbox,
      ...(options.outbox === false ? [] : [relayProvider]),
    ];
    return { module: PersistenceModule, global: true, providers, exports: providers };
  }

  onApplicationBootstrap(): void {
    this.relay?.start();
    const prune = () => void this.inbox.prune().catch(() => undefined); // next hour, then
    this.pruning = setInterval(prune, hourMs).unref();
    prune();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.pruning);
    await this.relay?.stop();
    await this.dataSource.destroy();
  }
}
