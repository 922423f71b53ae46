import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, temporaryDirectory, type TemporaryDirectory } from '@millrace/testing';
import { FakeOrchestrator } from '../testing/fake-orchestrator.js';
import { TestCli } from '../testing/test-cli.js';

describe('millrace run', () => {
  let cli: TestCli;
  let directory: TemporaryDirectory;
  let orchestrator: FakeOrchestrator;
  let file: string;

  beforeEach(async () => {
    cli = await TestCli.start();
    orchestrator = await FakeOrchestrator.start(cli);
    directory = await temporaryDirectory();
    file = join(directory.path, 'small.yaml');
    await writeFile(file, 'name: small\n');
  });
  afterEach(async () => {
    await directory[Symbol.asyncDispose]();
    await cli.stop();
  });
  /** Watches a run from its first state on, through what happens then, to its end. */
  const watched = async (args: string[], happens: () => void) => {
    const running = cli.start(['run', file, '--watch', ...args]);
    await eventually(() => running.stdout().includes('running'));
    happens();
    return { exitCode: await running.exitCode, stdout: running.stdout() };
  };
  const succeeds = () => {
    orchestrator.step('ingest', { status: 'queued', attempt: 1 });
    orchestrator.step('ingest', { status: 'running' });
    orchestrator.progress('ingest', { fraction: 0.31, message: 'reading' });
    orchestrator.progress('ingest', { fraction: 0.32 });
    orchestrator.progress('ingest', { log: { level: 'warn', message: 'three rows are \u001b[31mempty' } });
    orchestrator.step('ingest', {
      status: 'succeeded',
      startedAt: '2026-01-01T00:00:00Z',
      finishedAt: '2026-01-01T00:00:01Z',
    });
    orchestrator.step('train', { status: 'cached', metrics: { auc: 0.654321 } });
    orchestrator.end('succeeded');
  };

  it('submits the file, starts a run with parameters of their types, and says how to go on', async () => {
    const { exitCode, stdout } = await cli.run([
      'run',
      file,
      '--param',
      'rows=9',
      '-p',
      'label=9',
      '--no-cache',
      '--priority',
      '9',
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe('run r1 of small (version 2) has started\n  millrace logs r1 --follow\n');
    expect(orchestrator.submitted).toEqual([{ yaml: 'name: small\n' }]);
    expect(orchestrator.started).toEqual([
      {
        pipeline: 'small',
        params: { rows: 9, label: '9' },
        cache: false,
        priority: 9,
        idempotencyKey: expect.any(String) as string,
      },
    ]);
  });

  it('prints one document with --json, before or after the command', async () => {
    for (const args of [
      ['--json', 'run', file],
      ['run', file, '--json'],
    ]) {
      const { stdout } = await cli.run(args);
      expect(JSON.parse(stdout)).toEqual(orchestrator.view);
    }
  });

  it('shows with --watch a line for every transition, and how it ended', async () => {
    const { exitCode, stdout } = await watched([], succeeds);
    const lines = stdout.split('\n').map((line) => line.replace(/^\d\d:\d\d:\d\d\s+/, ''));
    expect(lines).toEqual([
      'run r1 of small: running',
      'ingest        queued',
      'ingest        running',
      'ingest        30 %, reading',
      'ingest        warn: three rows are \ufffd[31mempty',
      'ingest        succeeded',
      'train         cached, auc 0.6543',
      'run succeeded',
      '',
      'STEP    STATUS     TOOK   METRICS',
      'ingest  succeeded  1.0 s  -',
      'train   cached     -      auc 0.6543',
      '',
      'run r1 succeeded in 2.5 s',
      '',
    ]);
    expect(exitCode).toBe(0);
  });

  it('names the run that does a step, where another pipeline does', async () => {
    const { stdout } = await watched([], () => {
      orchestrator.step('ingest', { status: 'running', attempt: 1, child: 'r2' });
      orchestrator.step('ingest', { status: 'succeeded' });
      orchestrator.step('train', { status: 'cached' });
      orchestrator.end('succeeded');
    });
    const lines = stdout.split('\n').map((line) => line.replace(/^\d\d:\d\d:\d\d\s+/, ''));
    expect(lines).toEqual(
      expect.arrayContaining([
        'ingest        running, run r2',
        'ingest        succeeded',
        'STEP    STATUS     TOOK  METRICS  RUN',
        'ingest  succeeded  -     -        r2',
        'train   cached     -     -        -',
      ]),
    );
  });

  it('prints JSON lines with --watch --json', async () => {
    const { stdout } = await watched(['--json'], succeeds);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; run?: { status: string } });
    expect(lines[0]?.kind).toBe('snapshot');
    expect(lines.slice(1, -1).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['step', 'progress', 'run']),
    );
    expect(lines.at(-1)).toMatchObject({ kind: 'end', run: { status: 'succeeded' } });
  });

  it('fails when the run fails, and says why', async () => {
    const { exitCode, stdout } = await watched([], () => {
      const error = { code: 'data_invalid' as const, message: '3 rows have no label', retryable: false };
      orchestrator.step('ingest', { status: 'failed', attempt: 1, error });
      orchestrator.step('train', { status: 'skipped' });
      orchestrator.end('failed', { ...error, message: `step 'ingest': ${error.message}` });
    });
    expect(exitCode).toBe(5);
    expect(stdout).toContain('failed, 3 rows have no label (data_invalid)');
    expect(stdout).toContain(
      "run r1 failed in 2.5 s\n  step 'ingest': 3 rows have no label (data_invalid)\n",
    );
  });

  it('names file, line and field of every mistake', async () => {
    await writeFile(file, 'name: other\n');
    const { exitCode, stdout, stderr } = await cli.run(['run', file]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      `millrace: the request is not valid\n  ${file}:7: steps.fit.component: component 'x.y' is not known\n`,
    );
    const json = await cli.run(['run', file, '--json']);
    expect(JSON.parse(json.stderr)).toMatchObject({
      error: { code: 'invalid_request', details: { fields: [orchestrator.mistake] } },
    });
  });

  it('names a parameter that the pipeline does not have, and starts nothing', async () => {
    const { exitCode, stderr } = await cli.run(['run', file, '-p', 'colour=red']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('params.colour: the pipeline has no such parameter; it has rows, label');
    expect(orchestrator.started).toEqual([]);
  });

  it.each([
    ['nothing.yaml', 'there is no such file'],
    ['folder', 'is a directory'],
    ['large.yaml', 'more than the 524288'],
  ])('refuses %s', async (name, message) => {
    await mkdir(join(directory.path, 'folder'));
    await writeFile(join(directory.path, 'large.yaml'), 'x'.repeat(600_000));
    const { exitCode, stderr } = await cli.run(['run', join(directory.path, name)]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(name);
    expect(stderr).toContain(message);
  });
});
