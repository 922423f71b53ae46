import { ARTIFACT_STORE, openArtifactStore } from '@millrace/artifacts';
import type { Completion, Progress, Task } from '@millrace/contracts';
import {
  CompletionQueue,
  connectNats,
  MessagingClient,
  MessagingModule,
  WorkQueue,
} from '@millrace/messaging';
import { createLogger } from '@millrace/observability';
import {
  eventually,
  startNats,
  temporaryDirectory,
  type TemporaryDirectory,
  type TestNats,
} from '@millrace/testing';
import type { NatsConnection } from '@nats-io/transport-node';
import { Global, Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ComponentModule } from './component.module.js';
import { Add, Large, Wait } from './test-components.fixture.js';
import { TASK_POINTS, type TaskPoints } from './worker/task-points.js';

const prefix = 'c.v1';
const dataset = { type: 'dataset' as const, digest: `sha256:${'0'.repeat(64)}`, size: 1 };

/** What the components need from around them. */
@Global()
@Module({})
class Surroundings {
  static of(directory: string, points: TaskPoints): DynamicModule {
    const providers = [
      { provide: ARTIFACT_STORE, useValue: openArtifactStore(directory) },
      { provide: TASK_POINTS, useValue: points },
    ];
    return { module: Surroundings, providers, exports: providers };
  }
}

/** For tests: a nats-server, workers as a service has them, and the orchestrator's side of the contract. */
export class WorkerBed {
  readonly completions: Completion[] = [];
  readonly progress: Progress[] = [];
  readonly announced: unknown[] = [];
  /** Called at each point of each task. */
  atPoint: TaskPoints['reached'] = () => undefined;
  /** The first worker. */
  app: INestApplicationContext;
  private readonly closing: (() => Promise<void>)[] = [];
  private steps = 0;

  private constructor(
    readonly nats: TestNats,
    private readonly directory: TemporaryDirectory,
    readonly nc: NatsConnection,
    readonly client: MessagingClient,
  ) {}

  static async start(): Promise<WorkerBed> {
    const nats = await startNats();
    const nc = await connectNats({ url: nats.url, name: 'orchestrator' });
    const bed = new WorkerBed(nats, await temporaryDirectory(), nc, new MessagingClient(nc, { prefix }));
    bed.client.subscribe(`${prefix}.progress.>`, (body) => void bed.progress.push(body as Progress));
    bed.client.subscribe(`${prefix}.announce`, (body) => void bed.announced.push(body));
    await nc.flush();
    const consumption = await new CompletionQueue(bed.client).consume(
      async (c) => void bed.completions.push(c),
    );
    bed.app = await bed.startWorker(100);
    bed.closing.push(() => consumption.stop());
    return bed;
  }

  async startWorker(stopGraceMs: number): Promise<INestApplicationContext> {
    const connection = await connectNats({ url: this.nats.url, name: 'worker' });
    const logger = createLogger({ service: 'test', level: 'silent' });
    const module = {
      module: class Root {},
      imports: [
        MessagingModule.forRoot({ connection, prefix }),
        Surroundings.of(this.directory.path, { reached: (point, task) => this.atPoint(point, task) }),
        ComponentModule.forFeature([Add, Wait, Large], { concurrency: 2, stopGraceMs, logger }),
      ],
    };
    const started = await NestFactory.createApplicationContext(module, { logger: false });
    this.closing.push(async () => {
      await started.close();
      await connection.close();
    });
    return started;
  }

  /** Stops the first worker, as a rolling upgrade does. */
  stopFirst(): Promise<void> {
    return this.closing[0]!();
  }

  taskOf(component: string, more: Partial<Task> = {}): Task {
    const step = more.step ?? `s${++this.steps}`;
    return {
      run: 'r',
      step,
      component,
      attempt: 1,
      token: 1,
      idempotencyKey: `r/${step}`,
      params: {},
      inputs: component === 'test.wait' ? { data: dataset } : {},
      deadline: Date.now() + 60_000,
      ...more,
    };
  }

  async send(task: Task, headers: Record<string, string> = {}): Promise<Task> {
    await new WorkQueue(this.client).publish(task, { messageId: `${task.step}/${++this.steps}`, headers });
    return task;
  }

  /** When a worker has it, whether begun or not: nothing of its component is left to be had. */
  async taken({ component }: Task): Promise<void> {
    await eventually(async () => {
      const info = await this.nc.request(`$JS.API.CONSUMER.INFO.C_V1_WORK.${component.replaceAll('.', '_')}`);
      return info.json<{ num_pending: number }>().num_pending === 0;
    });
  }

  completionOf({ step, token }: Task, timeoutMs = 5_000): Promise<Completion> {
    return eventually(() => this.completions.find((c) => c.step === step && c.token === token), {
      timeoutMs,
    });
  }

  async begun({ step }: Task): Promise<void> {
    await eventually(() => this.app.get(Wait).begun.includes(step));
  }

  async queueIsEmpty(): Promise<void> {
    await eventually(async () => (await this.messagesLeft()) === 0);
  }

  async messagesLeft(): Promise<number> {
    const info = await this.nc.request('$JS.API.STREAM.INFO.C_V1_WORK');
    return info.json<{ state: { messages: number } }>().state.messages;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.app.get(Wait).finish();
    await Promise.all(this.closing.map((close) => close()));
    await this.nc.close();
    await this.nats.stop();
    await this.directory[Symbol.asyncDispose]();
  }
}
