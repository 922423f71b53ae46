import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';

/** Where there is setpriv (util-linux), what a test started dies with the test's process, even if that is killed. */
const leash = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));

/** A started program whose end is awaited whenever it is killed. */
export class TestProcess {
  private output = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly command: string,
  ) {
    const keep = (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-20_000));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
  }

  static start(command: string, args: string[], options: SpawnOptions = {}): TestProcess {
    const leashed = leash ? [leash, '--pdeathsig', 'KILL', command, ...args] : [command, ...args];
    const [file = command, ...rest] = leashed;
    return new TestProcess(spawn(file, rest, { stdio: ['ignore', 'pipe', 'pipe'], ...options }), command);
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.command} did not start`);
    return this.child.pid;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The last of what it printed, for messages when it fails. */
  get printed(): string {
    return this.output;
  }

  async kill(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (!this.running) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await ended;
  }
}
