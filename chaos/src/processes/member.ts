import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

export interface MemberOptions {
  name: string;
  /** A JavaScript file that Node runs. */
  main: string;
  /** Asked anew for every start: what it is told to die of changes. */
  env(start: number): Record<string, string>;
  logFile: string;
  onEvent(event: string): void;
}

/** Where there is setpriv (util-linux), nothing outlives the driver, even if that is killed. */
const leash = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));

const restartMs = 100;

/** A process of the system under test: killed, frozen, and started again whenever it is gone. */
export class Member {
  #child: ChildProcess | undefined;
  #starts = 0;
  #wanted = false;
  #deaths = 0;
  /** What is done to it is done one thing after the other. */
  #last: Promise<void> = Promise.resolve();

  constructor(private readonly o: MemberOptions) {}

  get name(): string {
    return this.o.name;
  }

  get starts(): number {
    return this.#starts;
  }

  /** How often it was killed, by itself or by others. */
  get deaths(): number {
    return this.#deaths;
  }

  start(): void {
    this.#wanted = true;
    const { main, env, logFile } = this.o;
    const command = [...(leash ? [leash, '--pdeathsig', 'KILL'] : []), process.execPath, main];
    const [file = '', ...args] = command;
    const log = openSync(logFile, 'a');
    const child = spawn(file, args, { env: env(this.#starts++), stdio: ['ignore', log, log] });
    closeSync(log);
    this.#child = child;
    child.once('exit', (code, signal) => void this.#ended(child, code, signal));
  }

  async #ended(child: ChildProcess, code: number | null, signal: string | null): Promise<void> {
    if (child !== this.#child || !this.#wanted) return;
    if (signal === 'SIGKILL') this.#deaths++;
    this.o.onEvent(`${this.name} ended by ${signal ?? code}`);
    await wait(restartMs);
    if (child === this.#child && this.#wanted) this.start();
  }

  kill(): Promise<void> {
    return this.#next(async () => void this.#child?.kill('SIGKILL'));
  }

  pause(ms: number, until: AbortSignal): Promise<void> {
    return this.#next(async () => {
      const child = this.#child;
      child?.kill('SIGSTOP');
      await wait(ms, undefined, { signal: until }).catch(() => undefined);
      child?.kill('SIGCONT');
    });
  }

  /** Ends it and starts it anew. */
  restart(): Promise<void> {
    return this.#next(async () => {
      await this.#end('SIGTERM');
      this.start();
    });
  }

  stop(): Promise<void> {
    return this.#next(() => this.#end('SIGTERM'));
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#wanted = false;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    const hard = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await gone;
    clearTimeout(hard);
  }

  #next(work: () => Promise<void>): Promise<void> {
    return (this.#last = this.#last.then(work, work));
  }
}
