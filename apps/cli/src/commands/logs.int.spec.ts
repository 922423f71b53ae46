import { NotFound, type RunLogEntry, type RunStatus } from '@millrace/contracts';
import { eventually } from '@millrace/testing';
import { TestCli } from '../testing/test-cli.js';

const at = '2026-01-02T03:04:05.000Z';

describe('millrace logs', () => {
  let cli: TestCli;
  let lines: Omit<RunLogEntry, 'id'>[];
  let status: RunStatus;
  let asked: Record<string, unknown>[];
  const pageSize = 2;
  const say = (...messages: string[]): void => {
    lines.push(...messages.map((message) => ({ at, step: 'train', level: 'info', message })));
    cli.client.publish(cli.client.subjects.log('r1'), { run: 'r1' });
  };
  const messages = (stdout: string) =>
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/).at(-1));

  beforeAll(async () => {
    cli = await TestCli.start();
    asked = await cli.answer('orchestrator.run.log', ({ run, after, limit }) => {
      if (run !== 'r1') throw new NotFound('run', String(run));
      const entries = lines.map((line, i) => ({ id: i + 1, ...line }));
      const newest = limit === undefined ? entries : entries.slice(-Number(limit));
      const items = after === undefined ? newest : entries.slice(Number(after)).slice(0, pageSize);
      const cursor = String(items.at(-1)?.id ?? after);
      return { items, cursor, status, ...(Number(cursor) < lines.length ? { next: cursor } : {}) };
    });
  });
  beforeEach(() => {
    lines = [];
    status = 'running';
    asked.length = 0;
  });
  afterAll(() => cli.stop());

  it('prints all that is there, however many pages, and lets nothing speak to the terminal', async () => {
    lines = [
      { at, level: 'info', message: 'run started' },
      { at, step: 'train', level: 'error', message: 'failed:\n  no \u001b[2Jlabel' },
      { at, step: 'a-rather-long-name', level: 'warn', message: 'last' },
    ];
    const { stdout, exitCode } = await cli.run(['logs', 'r1']);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      `${at}  info                 run started\n` +
        `${at}  error  train         failed:\n  no \ufffd[2Jlabel\n` +
        `${at}  warn   a-rather-long-name  last\n`,
    );
    expect(asked).toEqual([
      { run: 'r1', after: '0' },
      { run: 'r1', after: '2' },
    ]);
    const { items } = JSON.parse((await cli.run(['logs', 'r1', '--json'])).stdout) as { items: object[] };
    expect(items).toEqual(lines.map((line, i) => ({ id: i + 1, ...line })));
  });

  it('asks for what is wanted, and says when there is nothing', async () => {
    expect((await cli.run(['logs', 'r1'])).stdout).toBe('nothing logged yet\n');
    const args = ['--step', 'fit', '--level', 'warn', '--after', '0'];
    expect((await cli.run(['logs', 'r1', ...args])).stdout).toBe('no line that was asked for\n');
    say('a', 'b', 'c');
    expect(messages((await cli.run(['logs', 'r1', '--tail', '2'])).stdout)).toEqual(['b', 'c']);
    expect(asked).toEqual([
      { run: 'r1', after: '0' },
      { run: 'r1', after: '0', step: 'fit', level: 'warn' },
      { run: 'r1', limit: 2 },
    ]);
  });

  it.each([
    ['succeeded', 0],
    ['failed', 5],
  ] as const)('follows until the run has %s', async (end, exitCode) => {
    say('one');
    const following = cli.start(['logs', 'r1', '-f']);
    await eventually(() => following.stdout().includes('one'));
    say('two', 'three', 'four');
    await eventually(() => following.stdout().includes('four'));
    status = end;
    say(`run ${end}`);
    expect(following.stderr()).toBe('');
    expect(await following.exitCode).toBe(exitCode);
    expect(messages(following.stdout())).toEqual(['one', 'two', 'three', 'four', `run ${end}`]);
  });

  it('follows as JSON lines', async () => {
    say('old', 'one');
    status = 'succeeded';
    const { stdout } = await cli.run(['logs', 'r1', '--follow', '--tail', '1', '--json']);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toEqual([
      { kind: 'line', line: { id: 2, at, step: 'train', level: 'info', message: 'one' } },
      { kind: 'end', run: 'r1', status: 'succeeded' },
    ]);
  });

  it.each([
    [['lost'], 4, "run 'lost' does not exist"],
    [['lost', '-f'], 4, "run 'lost' does not exist"],
    [['r1', '--tail', '1', '--after', '2'], 2, "'--after <id>' cannot be used with option '--tail <n>'"],
    [['r1', '--tail', '-1'], 2, 'must be 0 to 5000'],
  ])('says what is wrong with %j', async (args, exitCode, message) => {
    const result = await cli.run(['logs', ...args]);
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr).toContain(message);
  });
});
