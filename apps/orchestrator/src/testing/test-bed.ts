import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ComponentModule } from '@millrace/component';
import {
  pipelineSubmit,
  runGet,
  runStart,
  streamName,
  streams,
  type Operation,
  type PipelineView,
  type RunView,
  type StartRun,
} from '@millrace/contracts';
import { connectNats, MessagingClient } from '@millrace/messaging';
import { createLogger } from '@millrace/observability';
import { openDataSource } from '@millrace/persistence';
import {
  ArtifactsEnv,
  ArtifactsModule,
  defineService,
  startService,
  type RunningService,
} from '@millrace/service';
import {
  eventually,
  startNats,
  temporaryDirectory,
  type TemporaryDirectory,
  type TestDatabase,
  type TestNats,
} from '@millrace/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { Module, type DynamicModule } from '@nestjs/common';
import { newRunId } from '../runs/run-id.js';
import { orchestratorService } from '../service.js';
import { Add, Copy, Fail, Join, Login, Talk, Wait, Words, Write } from './test-components.js';

const logger = createLogger({ service: 'test', level: 'silent' });

@Module({})
class WorkerModule {
  static of(env: ArtifactsEnv): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        ArtifactsModule.forRoot(env.ARTIFACTS_URL),
        ComponentModule.forFeature([Add, Write, Copy, Words, Join, Fail, Wait, Login, Talk], {
          concurrency: 4,
          stopGraceMs: 100,
          logger,
        }),
      ],
    };
  }
}

const workerService = defineService({
  name: 'worker',
  version: '1.0.0',
  description: 'Small components for tests.',
  env: ArtifactsEnv,
  module: (env) => WorkerModule.of(env),
});

/** A Millrace of a nats-server, an orchestrator and a worker, each of which can be stopped and started. */
export class TestBed implements AsyncDisposable {
  readonly logger = logger;
  orchestrator: RunningService | undefined;
  worker: RunningService | undefined;

  private constructor(
    readonly nats: TestNats,
    readonly directory: TemporaryDirectory,
    readonly client: MessagingClient,
    readonly env: Record<string, string>,
  ) {}

  static async start(database?: TestDatabase, more: Record<string, string> = {}): Promise<TestBed> {
    const nats = await startNats();
    const directory = await temporaryDirectory();
    const client = new MessagingClient(await connectNats({ url: nats.url, name: 'test' }));
    const url = await database?.fresh();
    const bed = new TestBed(nats, directory, client, {
      NATS_URL: nats.url,
      DATA_DIR: join(directory.path, 'data'),
      ARTIFACTS_URL: join(directory.path, 'artifacts'),
      HEALTH_PORT: '-1',
      ...(url === undefined ? {} : { DATABASE_URL: url }),
      ...more,
    });
    await Promise.all([bed.startOrchestrator(), bed.startWorker()]);
    return bed;
  }

  async startOrchestrator(): Promise<void> {
    this.orchestrator = await startService(orchestratorService, { env: this.env, logger });
  }

  async startWorker(): Promise<void> {
    this.worker = await startService(workerService, { env: this.env, logger });
  }

  async stopWorker(): Promise<void> {
    await this.worker?.stop();
    this.worker = undefined;
  }

  call<Q extends object, R extends object>(operation: Operation<Q, R>, request: Q): Promise<R> {
    return this.client.request(operation, request, { timeoutMs: 10_000 });
  }

  submit(yaml: string): Promise<PipelineView> {
    return this.call(pipelineSubmit, { yaml });
  }

  /** Submits and starts. */
  async run(yaml: string, request: Partial<StartRun> = {}): Promise<RunView> {
    const { name } = await this.submit(yaml);
    return this.call(runStart, { pipeline: name, ...request });
  }

  get(run: string): Promise<RunView> {
    return this.call(runGet, { run });
  }

  /** The run when it is at its end. */
  async finished(run: string, timeoutMs = 20_000): Promise<RunView> {
    return eventually(
      async () => {
        const view = await this.get(run);
        return view.finishedAt === undefined ? undefined : view;
      },
      { timeoutMs, what: `run ${run} to finish` },
    ) as Promise<RunView>;
  }

  /** When every completion that was published is taken. */
  async settled(): Promise<void> {
    const manager = await jetstreamManager(this.client.nc);
    const stream = streamName(this.client.subjects.prefix, streams.done);
    await eventually(async () => (await manager.streams.info(stream)).state.messages === 0, {
      what: 'all completions to be taken',
    });
  }

  /** Messages that the orchestrator has not got rid of; asked until there are none, or patience ends. */
  pendingOutbox(): Promise<number> {
    return this.database(async (query) => {
      const count = async () =>
        Number((await query<{ n: unknown }>('SELECT count(*) AS n FROM outbox'))[0]?.n);
      await eventually(async () => (await count()) === 0, { what: 'an empty outbox' });
      return count();
    });
  }

  /** Makes every finished run so much older. */
  age(ms: number): Promise<void> {
    return this.database(async (query) => {
      const rows = await query<{ id: string; finished_at: unknown }>(
        'SELECT id, finished_at FROM run WHERE finished_at IS NOT NULL',
      );
      for (const { id, finished_at: at } of rows) {
        const then = Number(at) - ms;
        const older = `${newRunId(then).slice(0, 10)}${id.slice(10)}`;
        await query(`UPDATE run SET id = '${older}', finished_at = ${then} WHERE id = '${id}'`);
        for (const table of ['step', 'run_log'])
          await query(`UPDATE ${table} SET run = '${older}' WHERE run = '${id}'`);
      }
    });
  }

  /** Looks at, or changes, what the orchestrator keeps. */
  async database<T>(work: (query: <Row>(sql: string) => Promise<Row[]>) => Promise<T>): Promise<T> {
    const dataSource = await openDataSource({
      service: 'orchestrator',
      databaseUrl: this.env['DATABASE_URL'],
      dataDir: this.env['DATA_DIR'] ?? '',
      entities: [],
      migrations: [],
    });
    try {
      return await work(<Row>(sql: string) => dataSource.query(sql) as Promise<Row[]>);
    } finally {
      await dataSource.destroy();
    }
  }

  /** As if a disk had lost it. */
  async removeArtifact(content: string): Promise<void> {
    await this.removeDigest(`sha256:${createHash('sha256').update(content).digest('hex')}`);
  }

  async removeDigest(digest: string): Promise<void> {
    const hex = digest.replace('sha256:', '');
    await rm(join(this.directory.path, 'artifacts', 'sha256', hex.slice(0, 2), hex.slice(2)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([this.worker?.stop(), this.orchestrator?.stop()]);
    this.client.close();
    await this.client.nc.close();
    await this.nats.stop();
    await this.directory[Symbol.asyncDispose]();
  }
}
