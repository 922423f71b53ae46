import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@millrace/contracts';
import { temporaryDirectory } from '@millrace/testing';
import { TestCli } from '../testing/test-cli.js';

const artifact = { type: 'model', digest: `sha256:${'ab'.repeat(32)}`, size: 1 };
const at = '2026-01-02T03:04:05.000Z';
const rollout = {
  ...{ number: 2, strategy: 'canary', phase: 'canary', model: 'flights', version: 8 },
  ...{ previousModel: 'flights', previousVersion: 7, step: 0, weight: 5 },
  ...{ startedAt: at, phaseAt: at, ended: false },
  reason: '40 of at least 100 requests',
  candidate: { requests: 40, errors: 0, p50: 1.23456, p99: 4 },
  previous: { requests: 760, errors: 2, p50: 1, p99: 3 },
};
const view = {
  endpoint: 'flight-delay',
  revision: 5,
  targets: [
    { model: 'flights', version: 7, artifact, weight: 95 },
    { model: 'flights', version: 8, artifact, weight: 5 },
  ],
  replicas: [{ replica: 'r1', revision: 5, state: 'ready', at }],
  status: 'ready',
  updatedAt: at,
  rollout,
};

describe('millrace, of deployments', () => {
  let cli: TestCli;
  beforeAll(async () => {
    cli = await TestCli.start();
  });
  afterAll(() => cli.stop());

  it('lists endpoints, and shows one with its replicas and what is measured', async () => {
    await cli.answer('deployment.endpoint.list', () => ({ items: [view] }));
    await cli.answer('deployment.endpoint.get', () => view);
    expect((await cli.run(['deployments'])).stdout.split('\n')).toEqual([
      'ENDPOINT      REVISION  SERVES                             STATUS  ROLLOUT        WHY',
      'flight-delay         5  flights 7 (95 %), flights 8 (5 %)  ready   canary at 5 %  40 of at least 100 requests',
      '',
    ]);
    const { stdout } = await cli.run(['deployments', 'flight-delay']);
    expect(stdout).toContain('REPLICA  REVISION  STATE  WHY\nr1              5  ready  -');
    expect(stdout).toContain('candidate        40       0  1.235     4');
    expect(JSON.parse((await cli.run(['deployments', 'flight-delay', '--json'])).stdout)).toEqual(view);
  });

  it('tells how a shadow does', async () => {
    const shadow = {
      rows: 500,
      agreement: 0.984,
      largestDifference: 12.5,
      largestDifferenceIn: 'delay',
      failed: 1,
      skipped: 3,
    };
    await cli.answer('deployment.endpoint.rollback', () => ({ ...view, rollout: { ...rollout, shadow } }));
    const { stdout } = await cli.run([
      'rollback',
      'flight-delay',
      '--reason',
      'too far off',
      '--rollout',
      '2',
    ]);
    expect(stdout).toContain('500  98.4 %  12.5                delay       1        3');
  });

  it('deploys as it is told to', async () => {
    const requests = await cli.answer('deployment.endpoint.deploy', () => view);
    await cli.run(['deploy', 'flight-delay', 'flights', '8']);
    await cli.run(
      'deploy flight-delay flights 8 --step 5:10m --step 25:1h --max-error-rate 0.02 --min-requests 50 --sticky --key-input tail'.split(
        ' ',
      ),
    );
    await cli.run('deploy flight-delay flights 8 --strategy shadow --shadow-percent 10 --key k'.split(' '));
    expect(requests).toEqual([
      { endpoint: 'flight-delay', model: 'flights', version: 8 },
      {
        ...{ endpoint: 'flight-delay', model: 'flights', version: 8, strategy: 'canary' },
        canary: {
          steps: [
            { weight: 5, durationMs: 600_000 },
            { weight: 25, durationMs: 3_600_000 },
          ],
          minRequests: 50,
          maxErrorRate: 0.02,
        },
        routing: { sticky: true, keyInput: 'tail' },
      },
      {
        ...{
          endpoint: 'flight-delay',
          model: 'flights',
          version: 8,
          strategy: 'shadow',
          idempotencyKey: 'k',
        },
        routing: { shadow: { percent: 10 } },
      },
    ]);
  });

  it('deploys a graph from a file', async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'graph.yaml');
    await writeFile(file, 'name: g');
    const requests = await cli.answer('deployment.endpoint.deploy', () => view);
    await cli.run(['deploy-graph', 'flight-delay', file, '--strategy', 'blue-green']);
    expect(requests).toEqual([{ endpoint: 'flight-delay', graph: 'name: g', strategy: 'blue-green' }]);
    expect(await cli.run(['deploy-graph', 'flight-delay', `${file}.yml`])).toMatchObject({
      stderr: expect.stringContaining('there is no such file'),
    });
  });

  it.each([
    ['deploy e m 1 --step fast', "'fast' is invalid. must be percent:duration"],
    ['deploy e m 0', 'must be 1 to 1000000000'],
    ['deploy e m 1 --strategy yolo', 'Allowed choices are rolling, blue-green, canary, shadow'],
    ['deploy e m 1 --max-error-rate 7', 'must be 0 to 1'],
  ])('%s is refused', async (command, message) => {
    const { exitCode, stderr } = await cli.run(command.split(' '));
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it('lists rollouts, promotes, and says why not', async () => {
    await cli.answer('deployment.rollout.list', () => ({ items: [rollout], next: '2' }));
    expect((await cli.run(['rollouts', 'flight-delay', '--limit', '1'])).stdout).toBe(
      [
        'ROLLOUT  STRATEGY  PHASE   VERSION    BEFORE  STARTED (UTC)        WHY',
        '      2  canary    canary  flights 8       7  2026-01-02 03:04:05  40 of at least 100 requests',
        '',
        'more with --after 2',
        '',
      ].join('\n'),
    );
    await cli.answer('deployment.endpoint.promote', () => {
      throw new DomainError('conflict', 'nothing waits', { retryable: false });
    });
    expect(await cli.run(['promote', 'flight-delay'])).toMatchObject({
      exitCode: 6,
      stderr: 'millrace: nothing waits\n',
    });
  });
});
