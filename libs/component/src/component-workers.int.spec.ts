import { componentMetadataPrefix, type Task } from '@millrace/contracts';
import { MessagingClient, NatsStrategy } from '@millrace/messaging';
import { eventually } from '@millrace/testing';
import { WorkerBed } from './worker-bed.fixture.js';

const dataset = { type: 'dataset' as const, digest: `sha256:${'0'.repeat(64)}`, size: 1 };

describe('component workers', () => {
  let bed: WorkerBed;
  beforeAll(async () => void (bed = await WorkerBed.start()));
  afterAll(() => bed[Symbol.asyncDispose]());

  it('announces what it has', async () => {
    await eventually(() => bed.announced.length > 0);
    expect(bed.announced[0]).toMatchObject({
      service: 'test',
      descriptors: [{ name: 'test.add' }, { name: 'test.wait' }, { name: 'test.large' }],
    });
  });

  it('is known to discovery', async () => {
    const strategy = new NatsStrategy({
      client: bed.app.get(MessagingClient),
      service: { name: 'test', version: '1.0.0' },
    });
    await new Promise<unknown>((resolve) => strategy.listen(resolve));
    const info = await eventually(async () => {
      const [answer] = await bed.client.requestMany('$SRV.INFO.test', {}, { maxWaitMs: 200 });
      return answer as { metadata: Record<string, string> } | undefined;
    });
    expect(JSON.parse(info.metadata[`${componentMetadataPrefix}test.add`]!)).toMatchObject({
      name: 'test.add',
    });
    await strategy.close();
  });

  it('works off a task, with defaults, progress and metrics', async () => {
    const task = await bed.send(bed.taskOf('test.add', { params: { a: 2, how: 'nan' } }));
    const completion = await bed.completionOf(task);
    expect(completion).toMatchObject({
      run: 'r',
      attempt: 1,
      token: 1,
      result: { status: 'succeeded', outputs: { sum: 42 }, metrics: { one: 1 } },
    });
    expect(completion.finishedAt).toBeGreaterThanOrEqual(completion.startedAt);
    await eventually(() => bed.progress.some(({ step, fraction }) => step === task.step && fraction === 1));
    const sent = bed.progress.filter(({ step }) => step === task.step);
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
    const { result } = await bed.completionOf(await bed.send(bed.taskOf(component, more)));
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
      bed.nc.publish('c.v1.work.test.add', body);
    await bed.completionOf(await bed.send(bed.taskOf('test.add', { params: { a: 1 } })));
    await bed.queueIsEmpty();
  });
});
