import 'reflect-metadata';
import { Body, Controller, Get, Inject, Injectable, Module, Post, type OnModuleInit } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { IsInt, Min } from 'class-validator';
import { ARTIFACT_STORE, type ArtifactStore } from '@millrace/artifacts';
import { makeEvent, connectNats, EventBus, MessagingClient } from '@millrace/messaging';
import { column, createTable, Outbox, PersistenceModule, Transactions } from '@millrace/persistence';
import {
  startNats,
  eventually,
  temporaryDirectory,
  type TemporaryDirectory,
  type TestNats,
} from '@millrace/testing';
import { Column, Entity, PrimaryColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import {
  ArtifactsModule,
  DatabaseAndArtifactsEnv,
  defineService,
  SERVICE_ENV,
  startService,
} from '../index.js';

class ShopEnv extends DatabaseAndArtifactsEnv {
  @IsInt() @Min(0) HTTP_PORT = 0;
}

@Entity()
class Sale {
  @PrimaryColumn('text') id: string;
  @Column('integer') price: number;
}

class CreateSale1710000000000 implements MigrationInterface {
  up(queryRunner: QueryRunner): Promise<void> {
    return createTable(queryRunner, 'sale', {
      id: column.text({ isPrimary: true }),
      price: column.integer(),
    });
  }

  down(): Promise<void> {
    return Promise.resolve();
  }
}

@Injectable()
class Sales implements OnModuleInit {
  seen: unknown[] = [];

  constructor(
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
    private readonly client: MessagingClient,
    private readonly events: EventBus,
    @Inject(ARTIFACT_STORE) private readonly artifacts: ArtifactStore,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.events.subscribe('shop', ['orchestrator.run.changed'], (event) => {
      this.seen.push(event.data);
      return Promise.resolve();
    });
  }

  async sell(id: string, price: number): Promise<string> {
    const receipt = await this.artifacts.putJson({ id, price }, { type: 'report' });
    const event = makeEvent('orchestrator.run.changed', 'shop', {
      run: id,
      pipeline: 'p',
      status: 'succeeded',
    });
    await this.transactions.run(async (em) => {
      await em.insert(Sale, { id, price });
      const subject = this.client.subjects.event(event.type);
      await this.outbox.add(em, { subject, messageId: event.id, body: event });
    });
    return receipt.digest;
  }
}

@Controller('sales')
class SalesController {
  constructor(
    private readonly sales: Sales,
    @Inject(SERVICE_ENV) private readonly env: ShopEnv,
    private readonly sameEnv: ShopEnv,
  ) {}

  @Post()
  async sell(@Body() body: { id: string; price: number }): Promise<{ receipt: string }> {
    return { receipt: await this.sales.sell(body.id, body.price) };
  }

  @Get()
  seen(): { seen: unknown[]; same: boolean } {
    return { seen: this.sales.seen, same: this.env === this.sameEnv };
  }
}

const shop = defineService({
  name: 'shop',
  version: '0.1.0',
  description: 'Sells',
  env: ShopEnv,
  module: (env) => {
    @Module({
      imports: [
        PersistenceModule.forRoot({
          service: 'shop',
          dataDir: env.DATA_DIR,
          databaseUrl: env.DATABASE_URL,
          entities: [Sale],
          migrations: [CreateSale1710000000000],
        }),
        ArtifactsModule.forRoot(env.ARTIFACTS_URL),
      ],
      controllers: [SalesController],
      providers: [Sales],
    })
    class ShopModule {}
    return ShopModule;
  },
  http: { adapter: () => new FastifyAdapter(), host: () => '127.0.0.1', port: (env) => env.HTTP_PORT },
});

describe('a service with everything', () => {
  let nats: TestNats;
  let directory: TemporaryDirectory;
  beforeAll(async () => {
    nats = await startNats();
    directory = await temporaryDirectory();
  });
  afterAll(async () => {
    await nats.stop();
    await directory[Symbol.asyncDispose]();
  });

  const start = () =>
    startService(shop, {
      env: {
        NATS_URL: nats.url,
        DATA_DIR: `${directory.path}/data`,
        ARTIFACTS_URL: `${directory.path}/artifacts`,
        LOG_LEVEL: 'silent',
      },
    });
  const sell = async (url: string | undefined, id: string) =>
    fetch(`${url}/sales`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id, price: 5 }),
    });

  it('takes a request over HTTP to the database, the artifacts and, through the outbox, to a consumer of events', async () => {
    const service = await start();
    expect(service.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await sell(service.url, 's1');
    expect(await response.json()).toEqual({ receipt: expect.stringMatching(/^sha256:/) });
    const seen = await eventually(async () => {
      const answer = (await (await fetch(`${service.url}/sales`)).json()) as {
        seen: unknown[];
        same: boolean;
      };
      return answer.seen.length > 0 && answer;
    });
    expect(seen).toEqual({ seen: [{ run: 's1', pipeline: 'p', status: 'succeeded' }], same: true });
    const checks = (await (
      await fetch(`http://127.0.0.1:${service.healthPort}/health/ready`)
    ).json()) as object;
    expect(checks).toMatchObject({
      status: 'ready',
      checks: { database: { ok: true }, jetstream: { ok: true } },
    });
    await service.stop();
    await expect(fetch(`${service.url}/sales`)).rejects.toThrow();
  });

  it('loses nothing that was accepted while JetStream was wiped', async () => {
    const service = await start();
    await nats.wipeJetStream();
    await eventually(async () => (await sell(service.url, 's2')).ok);
    const client = new MessagingClient(await connectNats({ url: nats.url, name: 'test' }));
    await eventually(
      async () => {
        const answer = (await (await fetch(`${service.url}/sales`)).json()) as { seen: { run: string }[] };
        return answer.seen.some(({ run }) => run === 's2');
      },
      { timeoutMs: 20_000 },
    );
    await client.nc.close();
    await service.stop();
  });
});
