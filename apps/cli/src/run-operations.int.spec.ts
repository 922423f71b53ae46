import { DomainError } from '@millrace/contracts';
import { TestCli } from './testing/test-cli.js';

const createdAt = '2026-01-02T03:04:05.000Z';
const digest = `sha256:${'ab'.repeat(32)}`;
const view = {
  run: 'r1',
  pipeline: 'small',
  pipelineVersion: 2,
  status: 'running',
  params: {},
  steps: [],
  createdAt,
};
const definition = {
  name: 'small',
  params: { rows: { type: 'integer' }, date: { type: 'string' } },
  steps: {},
};
const backfill = {
  backfill: 'b1',
  pipeline: 'small',
  status: 'running',
  from: '2026-01-01',
  to: '2026-01-02',
  every: 'day',
  param: 'date',
  params: {},
  concurrency: 2,
  counts: { running: 1, waiting: 1 },
  createdAt,
  dates: [
    { date: '2026-01-01', status: 'running', attempts: 1, run: 'r1' },
    { date: '2026-01-02', status: 'waiting', attempts: 0 },
  ],
};
const comparison = {
  before: 'r1',
  after: 'r2',
  pipelineVersion: { before: 2, after: 2 },
  status: { before: 'succeeded', after: 'succeeded' },
  verdict: 'different',
  params: [{ name: 'rows', before: 5, after: 6 }],
  steps: [
    { step: 'load', before: 'succeeded', after: 'cached', kept: true, same: true, outputs: [], metrics: [] },
    {
      step: 'fit',
      before: 'succeeded',
      after: 'succeeded',
      kept: false,
      same: false,
      component: { before: 'training.fit 1.0.0', after: 'training.fit 1.1.0' },
      outputs: [{ port: 'model' }],
      metrics: [{ name: 'auc', before: 0.7, after: 0.75, difference: 0.05 }],
      tookMs: { before: 1000, after: 2500 },
    },
  ],
};
const letter = {
  run: 'r1',
  step: 'fit',
  pipeline: 'small',
  runStatus: 'failed',
  component: 'training.fit',
  attempts: 3,
  error: { code: 'data_invalid', message: 'no \u001b[2Jlabel', retryable: false },
  failedAt: createdAt,
};
const step = {
  run: 'r1',
  step: 'fit',
  pipeline: 'small',
  pipelineVersion: 2,
  component: 'training.fit',
  componentVersion: '1.0.0',
  status: 'succeeded',
  params: {},
  inputs: { train: { type: 'dataset', digest, size: 1 } },
  outputs: { version: { name: 'churn', version: 3 }, rows: 7 },
  at: createdAt,
};

const over = { ...view, run: 'over', status: 'failed' };
/** Subject → what it answers. */
const answers: Record<string, object> = {
  'run.get': view,
  'run.cancel': { ...view, status: 'cancelled' },
  'run.pause': { ...view, paused: true },
  'run.unpause': view,
  'run.resume': view,
  'step.retry': view,
  'step.why': {
    ...{
      run: 'r1',
      step: 'fit',
      status: 'succeeded',
      cache: 'miss',
      reason: 'nothing so far',
      comparedWith: 'r0',
    },
    differences: [{ what: 'params.l2', before: '1', now: '2' }],
  },
  'run.search': { items: [view], next: 'r0' },
  'step.search': {
    items: [{ ...letter, status: 'failed', attempt: 3, outputs: {}, metrics: {} }],
  },
  'event.search': {
    items: [{ id: 1, run: 'r1', step: 'fit', at: createdAt, level: 'warn', message: 'slow' }],
  },
  'lineage.get': { artifacts: [{ digest, type: 'dataset' }], steps: [step], truncated: true },
  'step.list': {
    items: [
      {
        step: 'each',
        component: 'test.any',
        status: 'running',
        attempt: 1,
        outputs: {},
        metrics: {},
        instances: { succeeded: 8 },
      },
    ],
    next: '1',
  },
  'lineage.run': { artifacts: [], steps: [step], truncated: false },
  'deadletter.list': { items: [letter] },
  'deadletter.get': {
    ...{ ...letter, componentVersion: '1.0.0', params: { l2: 1 }, inputs: {} },
    log: [{ at: createdAt, level: 'error', message: 'failed' }],
  },
  'deadletter.requeue': view,
  'pipeline.get': { name: 'small', version: 2, definition, createdAt },
  'pipeline.version': { name: 'small', version: 2, definition, createdAt },
  'pipeline.list': { items: [{ name: 'small', version: 2, definition, createdAt }] },
  'pipeline.versions': { items: [{ name: 'small', version: 2, definition, createdAt }] },
  'history.prune': { runs: 7, dryRun: true, more: false },
  'run.replay': { run: 'r2', of: 'r1', status: 'running', kept: ['load'], comparison },
  'run.compare': comparison,
  'backfill.start': backfill,
  'backfill.get': backfill,
  'backfill.list': { items: [{ ...backfill, dates: [] }] },
  'backfill.pause': { ...backfill, status: 'paused' },
  'backfill.resume': backfill,
  'backfill.cancel': { ...backfill, status: 'cancelled' },
  'approval.list': {
    items: [
      { run: 'r1', step: 'ok', pipeline: 'small', by: ['alice'], askedAt: createdAt, until: createdAt },
    ],
  },
  'approval.decide': view,
};

describe('millrace, on runs', () => {
  let cli: TestCli;
  const requests = new Map<string, Record<string, unknown>[]>();
  beforeAll(async () => {
    cli = await TestCli.start();
    for (const [name, answer] of Object.entries(answers))
      requests.set(
        name,
        await cli.answer(`orchestrator.${name}`, ({ run }) => (run === 'over' ? over : answer)),
      );
  });
  afterAll(() => cli.stop());

  it.each<[args: string, operation: string, request: object, text: string]>([
    ['cancel r1', 'run.cancel', { run: 'r1' }, 'run r1 is cancelled'],
    ['pause r1', 'run.pause', { run: 'r1' }, 'run r1 is paused (running)'],
    ['unpause r1', 'run.unpause', { run: 'r1' }, 'run r1 is running'],
    ['resume r1', 'run.resume', { run: 'r1' }, 'run r1 is running'],
    ['retry r1 fit', 'step.retry', { run: 'r1', step: 'fit' }, 'run r1 is running'],
    ['why r1 fit', 'step.why', { run: 'r1', step: 'fit' }, '  params.l2: 1 → 2'],
    [
      'search runs lost --status failed,running --since 2026-01-01T00:00:00Z --limit 5',
      'run.search',
      { text: 'lost', status: 'failed,running', since: '2026-01-01T00:00:00Z', limit: 5 },
      'more with --after r0',
    ],
    [
      'search steps --component training.fit',
      'step.search',
      { component: 'training.fit' },
      'training.fit  failed',
    ],
    [
      'search events slow --level warn',
      'event.search',
      { text: 'slow', level: 'warn' },
      'warn   r1  fit           slow',
    ],
    [`lineage ${digest} --depth 3`, 'lineage.get', { digest, depth: 3 }, 'train=abababababab'],
    [
      'steps r1 --of each --status failed --limit 5',
      'step.list',
      { run: 'r1', of: 'each', status: 'failed', limit: 5 },
      'each  test.any   running (8 succeeded)        1',
    ],
    ['lineage r1 --after a', 'lineage.run', { run: 'r1', after: 'a' }, 'small@2   fit   training.fit 1.0.0'],
    ['lineage r1', 'lineage.run', { run: 'r1' }, 'version=churn@3 rows=7'],
    [
      'dead-letters --code data_invalid',
      'deadletter.list',
      { code: 'data_invalid' },
      'data_invalid: no \ufffd[2Jlabel',
    ],
    ['dead-letter r1 fit', 'deadletter.get', { run: 'r1', step: 'fit' }, 'params: {"l2":1}'],
    [
      'dead-letter r1 fit --requeue',
      'deadletter.requeue',
      { run: 'r1', step: 'fit' },
      'run r1 is running again',
    ],
    ['pipelines', 'pipeline.list', {}, 'small           2'],
    ['pipelines small', 'pipeline.versions', { name: 'small' }, 'small           2'],
    [
      'prune --max-runs 3 --dry-run',
      'history.prune',
      { maxRuns: 3, dryRun: true },
      '7 runs would be removed',
    ],
    [
      'replay r1 --from fit --from load -p rows=6 --no-cache',
      'run.replay',
      { run: 'r1', from: ['fit', 'load'], params: { rows: 6 }, cache: false },
      'run r2 repeats r1; kept: load',
    ],
    ['compare r2 r1', 'run.compare', { run: 'r2', other: 'r1' }, 'another model, auc 0.7 → 0.75'],
    [
      'backfill start small --from 2026-01-01 --to 2026-01-02 -p rows=5 --concurrency 2 --key k',
      'backfill.start',
      {
        ...{ pipeline: 'small', from: '2026-01-01', to: '2026-01-02' },
        ...{ params: { rows: 5 }, concurrency: 2, idempotencyKey: 'k' },
      },
      'is running: 1 running, 1 waiting\n  millrace backfill show b1',
    ],
    ['backfill list', 'backfill.list', {}, '1 running, 1 waiting'],
    ['backfill show b1', 'backfill.get', { backfill: 'b1' }, '2026-01-01  running         1  r1'],
    ['backfill pause b1', 'backfill.pause', { backfill: 'b1' }, 'is paused'],
    ['backfill resume b1 --no-failed', 'backfill.resume', { backfill: 'b1', failed: false }, 'is running'],
    ['backfill cancel b1', 'backfill.cancel', { backfill: 'b1' }, 'is cancelled'],
    ['approvals', 'approval.list', {}, 'alice'],
    ['approvals', 'approval.list', {}, 'decide with: millrace approve|reject <run> <step> --by <who>'],
    [
      'approve r1 ok --by alice --reason fine',
      'approval.decide',
      { run: 'r1', step: 'ok', approved: true, by: 'alice', reason: 'fine' },
      'is approved',
    ],
    [
      'reject r1 ok --by alice',
      'approval.decide',
      { run: 'r1', step: 'ok', approved: false, by: 'alice' },
      'is refused',
    ],
  ])('%s', async (args, operation, request, text) => {
    const { exitCode, stdout, stderr } = await cli.run(args.split(' '));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(requests.get(operation)?.at(-1)).toEqual(request);
    expect(stdout).toContain(text);
    expect(stdout).not.toContain('\u001b');
    const json = await cli.run([...args.split(' '), '--json']);
    expect(JSON.parse(json.stdout)).toEqual(answers[operation]);
  });

  it.each([
    [['backfill', 'start', 'small', '--from', '2026-01-01'], "required option '--to <date>' not specified"],
    [['approve', 'r1', 'ok'], "required option '--by <who>' not specified"],
    [['prune', '--max-runs', '-1'], 'must be 0 to 1000000'],
    [['dead-letters', '--code', 'odd'], 'Allowed choices are'],
    [['replay', 'r1', '-p', 'none=1'], 'params.none'],
    [['search'], 'Commands:'],
    [['search', 'steps', '--status', 'odd'], 'must be one or more of'],
    [['lineage', 'r1', '--depth', '3'], 'depth: is for an artifact, not for a run'],
  ])('refuses %j', async (args, message) => {
    const { exitCode, stderr } = await cli.run(args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it('does not say that it cancelled what had ended', async () => {
    expect((await cli.run(['cancel', 'over'])).stdout).toBe('run over had ended already: failed\n');
  });

  it('says what is refused', async () => {
    await cli.answer('orchestrator.schedule.pause', () => {
      throw new DomainError('conflict', 'not now');
    });
    expect(await cli.run(['schedule', 'pause', 'small'])).toMatchObject({
      exitCode: 6,
      stderr: 'millrace: not now\n',
    });
  });
});
