import { DomainError, NotFound } from '@millrace/contracts';
import { startNats, temporaryDirectory } from '@millrace/testing';
import { TestCli } from '../testing/test-cli.js';

const digest = `sha256:${'ab'.repeat(32)}`;
const createdAt = '2026-01-02T03:04:05.000Z';

describe('millrace', () => {
  let cli: TestCli;
  beforeAll(async () => {
    cli = await TestCli.start();
  });
  afterAll(() => cli.stop());

  it('lists runs', async () => {
    const page = {
      items: [
        { run: 'r2', pipeline: 'flights', status: 'running', steps: [], createdAt },
        {
          run: 'r1',
          pipeline: 'evil\u001b]0;title\u0007',
          status: 'failed',
          steps: [],
          createdAt,
          finishedAt: '2026-01-02T03:05:05.000Z',
        },
      ],
      next: 'k',
    };
    const requests = await cli.answer('orchestrator.run.list', () => page);
    const { stdout, exitCode } = await cli.run([
      'runs',
      '--limit',
      '2',
      '--status',
      'failed',
      '--pipeline',
      'flights',
    ]);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'RUN  PIPELINE        STATUS   STARTED (UTC)        TOOK',
      'r2   flights         running  2026-01-02 03:04:05  -',
      'r1   evil\ufffd]0;title\ufffd  failed   2026-01-02 03:04:05  1 min 0 s',
      '',
      'more with --after k',
      '',
    ]);
    expect(requests).toEqual([{ limit: 2, status: 'failed', pipeline: 'flights' }]);
    expect(JSON.parse((await cli.run(['runs', '--json'])).stdout)).toEqual(page);
  });

  it('lists datasets and models, all or the versions of one', async () => {
    const artifact = { type: 'dataset', digest, size: 1 };
    const dataset = {
      name: 'flights',
      version: 3,
      artifact,
      rows: 200_000,
      columns: [{}, {}],
      source: {},
      createdAt,
    };
    await cli.answer('ingestion.dataset.list', () => ({ items: [dataset] }));
    await cli.answer('ingestion.dataset.get', ({ name }) => {
      if (name !== 'flights') throw new NotFound('dataset', String(name));
      return { items: [dataset, { ...dataset, version: 2 }] };
    });
    expect((await cli.run(['datasets'])).stdout).toContain(
      'flights        3  200000        2  sha256:abababababab',
    );
    expect((await cli.run(['datasets', 'flights'])).stdout.trim().split('\n')).toHaveLength(3);
    expect(await cli.run(['datasets', 'lost'])).toMatchObject({
      exitCode: 4,
      stderr: "millrace: dataset 'lost' does not exist\n",
    });

    const model = {
      name: 'flight-delay',
      version: 1,
      aliases: ['champion'],
      task: 'binary',
      metrics: { auc: 0.71234 },
      createdAt,
    };
    await cli.answer('registry.model.list', () => ({ items: [model] }));
    expect((await cli.run(['models'])).stdout).toContain(
      'flight-delay        1  champion  binary  auc 0.7123',
    );
    expect(JSON.parse((await cli.run(['models', '--json'])).stdout)).toEqual({ items: [model] });
  });

  it('predicts from an argument or standard input', async () => {
    const requests = await cli.answer('infer.flights.rows', ({ rows }) => ({
      model_name: 'flights',
      model_version: '3',
      predictions: (rows as object[]).map(() => ({ label: 1, probabilities: [0.25, 0.123456] })),
    }));
    const { stdout } = await cli.run(['predict', 'flights', '{"distance":400}']);
    expect(stdout).toBe('LABEL  PROBABILITIES\n1      0.25 0.1235\n\nflights version 3\n');
    await cli.run(['predict', 'flights', '-'], { stdin: '[{"distance":1},{"distance":2}]' });
    expect(requests).toEqual([{ rows: [{ distance: 400 }] }, { rows: [{ distance: 1 }, { distance: 2 }] }]);
    const tensors = await cli.answer('infer.flights', () => ({ model_name: 'flights', outputs: [] }));
    const answer = await cli.run(['predict', 'flights', '{"inputs":[]}', '--json']);
    expect(JSON.parse(answer.stdout)).toEqual({ model_name: 'flights', outputs: [] });
    expect(tensors).toEqual([{ inputs: [] }]);
  });

  it('names the row and field of a prediction that is refused', async () => {
    await cli.answer('infer.picky.rows', () => {
      const fields = [{ field: 'rows[0].distance', message: 'must be a number' }];
      throw new DomainError('invalid_request', 'wrong', { details: { fields } });
    });
    expect(await cli.run(['predict', 'picky', '{}'])).toMatchObject({
      exitCode: 2,
      stderr: 'millrace: the request is not valid\n  rows[0].distance: must be a number\n',
    });
    expect(await cli.run(['predict', 'picky', '{"a":NaN}'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('  json: ') as string,
    });
  });

  it('tells an unknown endpoint from inference that is away', async () => {
    expect(await cli.run(['predict', 'lost', '{}'])).toMatchObject({ exitCode: 3 });
    await cli.answer('inference.model.metadata', ({ endpoint }) => {
      throw new NotFound('endpoint', String(endpoint));
    });
    await cli.answer('deployment.endpoint.list', () => ({ items: [{ endpoint: 'flights' }] }));
    expect(await cli.run(['predict', 'lost', '{}'])).toMatchObject({
      exitCode: 4,
      stderr: "millrace: there is no endpoint 'lost'; there is flights\n",
    });
    expect(await cli.run(['predict', 'a.>', '{}'])).toMatchObject({ exitCode: 4 });
  });

  it('shows which services answer, and which are not ready', async () => {
    const info = (name: string, subject: string) => ({
      name,
      version: '0.1.0',
      id: 'x',
      endpoints: [{ subject }],
    });
    cli.client.nc.subscribe('$SRV.INFO', {
      callback: (_error, message) => {
        message.respond(JSON.stringify(info('registry', 'millrace.v1.registry.model.get')));
        message.respond(JSON.stringify(info('registry', 'millrace.v1.registry.model.get')));
        message.respond(JSON.stringify(info('training', 'millrace.v1.training.experiment.get')));
        message.respond(JSON.stringify(info('stranger', 'other.subject')));
        message.respond('nonsense');
      },
    });
    await cli.answer('registry.health.get', () => ({
      service: 'registry',
      version: '0.1.0',
      status: 'ready',
      checks: {},
    }));
    const checks = { database: { ok: false, error: 'disk full' }, nats: { ok: true } };
    await cli.answer('training.health.get', () => ({
      service: 'training',
      version: '0.1.0',
      status: 'unready',
      checks,
    }));
    const { exitCode, stdout } = await cli.run(['status']);
    expect(exitCode).toBe(3);
    expect(stdout.split('\n').slice(2)).toEqual([
      'SERVICE   VERSION  REPLICAS  STATUS   WHY NOT',
      'registry  0.1.0           2  ready    -',
      'training  0.1.0           1  unready  database: disk full',
      '',
    ]);
    const json = JSON.parse((await cli.run(['status', '--json'])).stdout) as object;
    expect(json).toMatchObject({
      ready: false,
      services: [{ name: 'registry', replicas: 2 }, { name: 'training' }],
    });
  });

  it('says what to do when nothing runs', async () => {
    await using empty = await temporaryDirectory();
    const { exitCode, stderr } = await cli.run(['runs', '--state-dir', empty.path], { natsUrl: '' });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('Start it with: npm start, or: npx millrace up');
  });

  it('says where it looked when no NATS answers there, and keeps the password to itself', async () => {
    const { exitCode, stderr } = await cli.run(['runs'], { natsUrl: 'nats://me:secret@127.0.0.1:1' });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('no NATS answers at nats://127.0.0.1:1');
    expect(stderr).not.toContain('secret');
  });

  it.each([
    [{ natsUrl: 'http://me:secret@a:1' }, 'NATS_URL must begin with nats:// or tls://, not with http://'],
    [{ natsUrl: 'nats:/a:1', natsCredentialsFile: '/nowhere' }, 'NATS_URL must be nats://host:port'],
    [{ natsCredentialsFile: '/nowhere' }, 'NATS_CREDENTIALS_FILE can not be used: ENOENT'],
  ])('says which setting is wrong: %j', async (settings, message) => {
    const { exitCode, stderr } = await cli.run(['runs'], settings);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`millrace: ${message}`);
    expect(stderr).not.toContain('secret');
  });

  it('says that NATS does not let it in, and by what', async () => {
    await using strict = await startNats({ config: 'authorization { user: me, password: right }' });
    const { exitCode, stderr } = await cli.run(['--nats', strict.url.replace('//', '//me:wrong@'), 'runs']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: `millrace: NATS at ${strict.url} refuses what --nats has to show\n`,
    });
  });

  it('says which service is away', async () => {
    const { exitCode, stderr } = await cli.run(['models', 'x']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('registry.model.get');
  });

  it.each([
    [['dance'], "unknown command 'dance'"],
    [['dance'], '(--help says what there is)'],
    [['run'], "missing required argument 'pipeline.yaml'"],
    [['runs', '--status', 'failed,lost'], 'must be one or more of pending, running'],
    [['runs', '--status', ''], 'must be one or more of pending, running'],
    [['runs', '--limit', '0'], 'must be 1 to 1000'],
    [['runs', '--colour'], "unknown option '--colour'"],
  ])('refuses %j', async (args, message) => {
    const { exitCode, stderr } = await cli.run(args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it('explains itself', async () => {
    const { exitCode, stdout } = await cli.run(['--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Exit codes:');
    expect((await cli.run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
