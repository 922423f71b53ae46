import { ARTIFACT_STORE, openArtifactStore } from '@millrace/artifacts';
import { componentMetadataPrefix, type Completion, type Progress, type Task } from '@millrace/contracts';
import {
  CompletionQueue,
  connectNats,
  MessagingClient,
  MessagingModule,
  NatsStrategy,
  WorkQueue,
  type Consumption,
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

const logger = createLogger({ service: 'test', level: 'silent' });
const dataset = { type: 'dataset' as const, digest: `sha256:${'0'.repeat(64)}`, size: 1 };

@Global()
@Module({})
class Artifacts {
  static at(directory: string): DynamicModule {
    const store = { provide: ARTIFACT_STORE, useValue: openArtifactStore(directory) };
    return { module: Artifacts, providers: [store], exports: [store] };
  }
}

describe('component workers', () => {
  let nats: TestNats;
  let directory: TemporaryDirectory;
  let nc: NatsConnection;
  let client: MessagingClient;
  let work: WorkQueue;
  let consumption: Consumption;
  let app: INestApplicationContext;
  const completions: Completion[] = [];
  const progress: Progress[] = [];
  const announced: unknown[] = [];
  const apps: { close(): Promise<void> }[] = [];
  let steps = 0;

  const startWorker = async (stopGraceMs: number): Promise<INestApplicationContext> => {
    const connection = await connectNats({ url: nats.url, name: 'worker' });
    const module = {
      module: class Root {},
      imports: [
        MessagingModule.forRoot({ connection, prefix: 'c.v1' }),
        Artifacts.at(directory.path),
        ComponentModule.forFeature([Add, Wait, Large], { concurrency: 2, stopGraceMs, logger }),
      ],
    };
    const started = await NestFactory.createApplicationContext(module, { logger: false });
    apps.push({
      close: async () => {
        await started.close();
        await connection.close();
      },
    });
    return started;
  };

  beforeAll(async () => {
    nats = await startNats();
    directory = await temporaryDirectory();
    nc = await connectNats({ url: nats.url, name: 'orchestrator' });
    client = new MessagingClient(nc, { prefix: 'c.v1' });
    work = new WorkQueue(client);
    client.subscribe('c.v1.progress.>', (body) => void progress.push(body as Progress));
    client.subscribe('c.v1.announce', (body) => void announced.push(body));
    await nc.flush();
    consumption = await new CompletionQueue(client).consume(async (c) => void completions.push(c));
    app = await startWorker(100);
  });
  afterAll(async () => {
    app.get(Wait).finish();
    await Promise.all([consumption.stop(), ...apps.map((one) => one.close())]);
    await nc.close();
    await nats.stop();
    await directory[Symbol.asyncDispose]();
  });

  const taskOf = (component: string, more: Partial<Task> = {}): Task => {
    const step = more.step ?? `s${++steps}`;
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
  };
  const send = async (task: Task): Promise<Task> => {
    await work.publish(task, { messageId: `${task.step}/${task.token}/${steps}` });
    return task;
  };
  const completionOf = ({ step, token }: Task, timeoutMs = 5_000): Promise<Completion> =>
    eventually(() => completions.find((c) => c.step === step && c.token === token), { timeoutMs });
  const begun = ({ step }: Task) => eventually(() => app.get(Wait).begun.includes(step));

  it('announces what it has', async () => {
    await eventually(() => announced.length > 0);
    expect(announced[0]).toMatchObject({
      service: 'test',
      descriptors: [{ name: 'test.add' }, { name: 'test.wait' }, { name: 'test.large' }],
    });
  });

  it('is known to discovery', async () => {
    const strategy = new NatsStrategy({
      client: app.get(MessagingClient),
      service: { name: 'test', version: '1.0.0' },
    });
    await new Promise<unknown>((resolve) => strategy.listen(resolve));
    const [info] = (await client.requestMany('$SRV.INFO.test', {}, { maxWaitMs: 200 })) as {
      metadata: Record<string, string>;
    }[];
    expect(JSON.parse(info!.metadata[`${componentMetadataPrefix}test.add`]!)).toMatchObject({
      name: 'test.add',
    });
    await strategy.close();
  });

  it('works off a task, with defaults, progress and metrics', async () => {
    const task = await send(taskOf('test.add', { params: { a: 2, how: 'nan' } }));
    const completion = await completionOf(task);
    expect(completion).toMatchObject({
      run: 'r',
      attempt: 1,
      token: 1,
      result: { status: 'succeeded', outputs: { sum: 42 }, metrics: { one: 1 } },
    });
    expect(completion.finishedAt).toBeGreaterThanOrEqual(completion.startedAt);
    await eventually(() => progress.some(({ step, fraction }) => step === task.step && fraction === 1));
    const sent = progress.filter(({ step }) => step === task.step);
    expect(sent.filter(({ fraction }) => fraction !== undefined).length).toBeLessThan(20);
    expect(sent.map(({ log }) => log?.message)).toContain('adding 2');
    expect(new Set(sent.map(({ worker }) => worker))).toEqual(new Set([completion.worker]));
  });

  it.each<[name: string, component: string, task: Partial<Task>, error: object]>([
    [
      'a missing param',
      'test.add',
      { params: {} },
      { code: 'invalid_request', retryable: false, message: 'params.a: is required' },
    ],
    [
      'an unknown param',
      'test.add',
      { params: { a: 1, c: 1 } },
      { code: 'invalid_request', message: 'params.c: is not known' },
    ],
    [
      'a param of the wrong type',
      'test.add',
      { params: { a: '1' } },
      { code: 'invalid_request', message: 'params.a: must be number' },
    ],
    [
      'a missing input',
      'test.wait',
      { inputs: {} },
      { code: 'invalid_request', message: 'inputs.data: is required' },
    ],
    [
      'an unknown input',
      'test.wait',
      { inputs: { data: dataset, x: 1 } },
      { message: 'inputs.x: is not known' },
    ],
    [
      'an input of another type',
      'test.wait',
      { inputs: { data: { ...dataset, type: 'model' } } },
      { message: 'inputs.data: must be a dataset, and is a model' },
    ],
    [
      'a value for an artifact',
      'test.wait',
      { inputs: { data: 'text' } },
      { message: 'inputs.data: must be a reference to an artifact' },
    ],
    [
      'an error of its own',
      'test.add',
      { params: { a: 1, how: 'domain' } },
      { code: 'data_invalid', retryable: false, details: { rows: 3 } },
    ],
    [
      'a mistake',
      'test.add',
      { params: { a: 1, how: 'plain' } },
      { code: 'internal', retryable: true, message: 'a mistake' },
    ],
    [
      'an output of the wrong type',
      'test.add',
      { params: { a: 1, how: 'text' } },
      { code: 'internal', retryable: false },
    ],
    ['no output', 'test.add', { params: { a: 1, how: 'nothing' } }, { code: 'internal' }],
    [
      'an output too many',
      'test.add',
      { params: { a: 1, how: 'huge' } },
      { message: expect.stringContaining('outputs.text: is not known') },
    ],
    ['an output that is too large', 'test.large', {}, { code: 'payload_too_large', retryable: false }],
    [
      'a deadline that has passed',
      'test.add',
      { params: { a: 1 }, deadline: Date.now() - 1 },
      { code: 'deadline_exceeded' },
    ],
    [
      'an unknown field',
      'test.add',
      { params: { a: 1 }, ...{ priority: 1 } },
      { message: 'task.priority: is not known' },
    ],
    [
      'a field of the wrong type',
      'test.add',
      { params: [] as never },
      { message: 'task.params: must be object' },
    ],
  ])('fails a task with %s', async (_, component, more, error) => {
    const { result } = await completionOf(await send(taskOf(component, more)));
    expect(result).toMatchObject({ status: 'failed', error });
  });

  it('drops what is no task, and goes on', async () => {
    for (const body of [
      '{',
      'null',
      '[]',
      '{}',
      '{"run":"a b","step":"*","token":1}',
      '{"run":1,"step":"s","token":"1"}',
    ])
      nc.publish('c.v1.work.test.add', body);
    await completionOf(await send(taskOf('test.add', { params: { a: 1 } })));
    await eventually(
      async () =>
        (await nc.request('$JS.API.STREAM.INFO.C_V1_WORK')).json<{ state: { messages: number } }>().state
          .messages === 0,
    );
  });

  it('does not do twice what was delivered twice', async () => {
    const task = await send(taskOf('test.add', { params: { a: 5 } }));
    await completionOf(task);
    const { runs } = app.get(Add);
    steps++;
    await send(task);
    await eventually(
      async () =>
        (await nc.request('$JS.API.STREAM.INFO.C_V1_WORK')).json<{ state: { messages: number } }>().state
          .messages === 0,
    );
    expect(app.get(Add).runs).toBe(runs);
  });

  it.each([false, true])('cancels within two seconds (deaf to its signal: %s)', async (deaf) => {
    const task = await send(taskOf('test.wait', { params: { deaf } }));
    const other = await send(taskOf('test.wait'));
    await begun(task);
    await begun(other);
    client.publish('c.v1.cancel', { run: 'r', step: task.step, token: 99 });
    client.publish('c.v1.cancel', 'nonsense');
    nc.publish('c.v1.cancel', '{');
    client.publish('c.v1.cancel', { run: 'r', step: task.step, token: 1 });
    const { result } = await completionOf(task, 2_000);
    expect(result).toMatchObject({ status: 'failed', error: { code: 'cancelled', retryable: false } });
    expect(completions.some(({ step }) => step === other.step)).toBe(false);
    app.get(Wait).finish();
    expect((await completionOf(other)).result.status).toBe('succeeded');
  });

  it.each([
    ['its deadline', () => ({ deadline: Date.now() + 200 })],
    ['its timeout', () => ({ timeoutMs: 200 })],
  ])('ends a task at %s', async (_, limit) => {
    const { result } = await completionOf(await send(taskOf('test.wait', limit())));
    expect(result).toMatchObject({ status: 'failed', error: { code: 'deadline_exceeded', retryable: true } });
  });

  it('heartbeats while it works', async () => {
    const task = await send(taskOf('test.wait'));
    await eventually(() => progress.filter(({ step }) => step === task.step).length >= 3);
    app.get(Wait).finish();
    await completionOf(task);
  });

  it('keeps a completion until NATS is back', async () => {
    const task = await send(taskOf('test.wait'));
    await begun(task);
    await nats.kill();
    app.get(Wait).finish();
    await nats.wipeJetStream();
    expect((await completionOf(task, 20_000)).result.status).toBe('succeeded');
  }, 40_000);

  it('lets a replica go on with what a stopping one can not finish', async () => {
    const other = await startWorker(60_000);
    const tasks = await Promise.all(Array.from({ length: 4 }, () => send(taskOf('test.wait'))));
    const all = () => [...app.get(Wait).begun, ...other.get(Wait).begun];
    await eventually(() => tasks.every(({ step }) => all().includes(step)));
    await apps[0]!.close();
    // The two that were given back wait for the other replica's two slots.
    other.get(Wait).finish();
    await eventually(() => tasks.every(({ step }) => other.get(Wait).begun.includes(step)));
    other.get(Wait).finish();
    for (const task of tasks) expect((await completionOf(task)).result.status).toBe('succeeded');
  }, 40_000);
});
