import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { eventually, temporaryDirectory, type TemporaryDirectory } from '@millrace/testing';
import { FakeOrchestrator } from './testing/fake-orchestrator.js';
import { TestCli } from './testing/test-cli.js';

const root = resolve(import.meta.dirname, '../../..');
const fromSource = [
  '--no-warnings',
  '--conditions=@millrace/source',
  '--import=@swc-node/register/esm-register',
  join(import.meta.dirname, 'main.ts'),
];
/** Compiling the sources as they are loaded takes a while on a busy machine. */
const patience = { timeoutMs: 25_000 };
const quoted = (args: string[]) => args.map((arg) => `'${arg}'`).join(' ');

class Process {
  output = '';
  readonly exit: Promise<[code: number | null, signal: string | null]>;

  constructor(readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.exit = once(child, 'exit') as Promise<[number | null, string | null]>;
  }
}

describe('the program', () => {
  let cli: TestCli;
  let orchestrator: FakeOrchestrator;
  let directory: TemporaryDirectory;
  let file: string;
  const start = (command: string, args: string[]) =>
    new Process(
      spawn(command, args, {
        // Loaders are found from there.
        cwd: root,
        env: {
          PATH: process.env.PATH,
          TERM: 'xterm',
          NATS_URL: cli.nats.url,
          TS_NODE_PROJECT: join(root, 'tsconfig.base.json'),
          SWC_NODE_PROJECT: join(root, 'tsconfig.base.json'),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );

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

  it('lets a run go on when it is interrupted', async () => {
    const watching = start(process.execPath, [...fromSource, 'run', file, '--watch']);
    await eventually(() => watching.output.includes('run r1 of small: running'), patience);
    watching.child.kill('SIGINT');
    expect(await watching.exit).toEqual([130, null]);
    expect(watching.output).toContain('run r1 goes on: millrace logs r1');
  });

  it('ends quietly when nobody reads on', async () => {
    const items = Array.from({ length: 8_000 }, (_, n) => ({
      at: 't',
      level: 'info',
      message: `line ${n} ${'x'.repeat(20)}`,
    }));
    await cli.answer('orchestrator.run.log', () => ({ items }));
    const command = quoted([process.execPath, ...fromSource, 'logs', 'r1']);
    const piped = start('/bin/bash', ['-o', 'pipefail', '-c', `${command} | head -1`]);
    expect(await piped.exit).toEqual([0, null]);
    expect(piped.output).toMatch(/^t {2}info .*line 0 x+\n$/);
  });

  (existsSync('/usr/bin/script') ? it : it.skip)('draws a bar for every step on a terminal', async () => {
    const command = quoted([process.execPath, ...fromSource, 'run', file, '--watch']);
    const terminal = start('/usr/bin/script', ['-qefc', `stty cols 100 rows 30; ${command}`, '/dev/null']);
    await eventually(() => terminal.output.includes('train'), patience);
    orchestrator.step('ingest', { status: 'queued', attempt: 1 });
    orchestrator.step('ingest', { status: 'running' });
    orchestrator.progress('ingest', { fraction: 0.5, message: 'reading \u001b]0;evil\u0007' });
    await eventually(() => terminal.output.includes('50 %'));
    orchestrator.step('ingest', { status: 'succeeded' });
    orchestrator.step('train', { status: 'succeeded', attempt: 1, metrics: { auc: 0.65 } });
    orchestrator.end('succeeded');
    expect(await terminal.exit).toEqual([0, null]);
    // The cursor is hidden meanwhile and comes back; what a worker says cannot speak to the terminal.
    expect(terminal.output).toContain('\u001b[?25l');
    expect(terminal.output.lastIndexOf('\u001b[?25h')).toBeGreaterThan(
      terminal.output.lastIndexOf('\u001b[?25l'),
    );
    expect(terminal.output).not.toContain('\u001b]0;');
    const last = terminal.output.slice(terminal.output.lastIndexOf('ingest       █'));
    expect(last).toMatch(/^ingest {7}█+ 100 % .*succeeded/);
    expect(last).toMatch(/train {8}█+ 100 % .*succeeded, auc 0\.65/);
    expect(last).toContain('run r1 succeeded in 2.5 s');
  });
});
