import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';

const firstDelayMs = 250;
const longestDelayMs = 15_000;
/** A process that lived this long is started again without the delay that earlier deaths earned. */
const healthyMs = 30_000;
const largestLog = 16 * 1024 * 1024;

/**
 * One process that is kept alive: what it prints goes to a file, when it dies unasked it is started again, ever more slowly.
 * Its standard input is a pipe that nobody writes to: it closes when this process ends.
 */
export class SupervisedProcess {
  #command;
  #child;
  #asked = false;
  #delayMs = firstDelayMs;
  #timer;

  /**
   * @param {{ name: string, command: string, args: string[], env?: object, cwd?: string, logFile: string,
   *   autoRestart?: boolean, onEvent?: (event: object) => void, whenReady?: () => Promise<void> }} options
   */
  constructor(options) {
    this.options = { autoRestart: true, onEvent: () => {}, whenReady: async () => {}, ...options };
    this.name = options.name;
    this.restarts = 0;
    this.#command = [options.command, options.args];
  }

  get pid() {
    return this.running ? this.#child.pid : undefined;
  }

  get running() {
    const child = this.#child;
    return (
      child !== undefined && child.pid !== undefined && child.exitCode === null && child.signalCode === null
    );
  }

  start(type = 'started') {
    this.#asked = false;
    const log = openLog(this.options.logFile);
    const [command, args] = this.#command;
    const { env, cwd } = this.options;
    // A group of its own: Ctrl-C is for the supervisor, which stops things in their order.
    const child = spawn(command, args, { env, cwd, stdio: ['pipe', log, log], detached: true });
    if (log !== 'ignore') closeSync(log);
    this.#child = child;
    const startedAt = Date.now();
    child.stdin.on('error', () => {});
    child.once('error', (error) => this.#ended(child, startedAt, null, error.message));
    child.once('exit', (code, signal) => this.#ended(child, startedAt, code, signal));
    if (child.pid !== undefined) this.options.onEvent({ type, name: this.name, pid: child.pid });
    return child;
  }

  #ended(child, startedAt, code, signal) {
    if (child !== this.#child || this.#asked) return;
    if (Date.now() - startedAt > healthyMs) this.#delayMs = firstDelayMs;
    const again = this.options.autoRestart;
    const restartInMs = again ? this.#delayMs : undefined;
    this.options.onEvent({
      type: 'exited',
      name: this.name,
      code,
      signal,
      restartInMs,
      log: this.options.logFile,
    });
    if (!again) return;
    this.#delayMs = Math.min(this.#delayMs * 2, longestDelayMs);
    this.#timer = setTimeout(() => this.#startAgain(), restartInMs);
  }

  #startAgain() {
    this.restarts += 1;
    this.start('restarted');
  }

  /** Waits until that process is gone; what comes after is `autoRestart`'s matter. */
  async kill(signal = 'SIGTERM') {
    const child = this.#child;
    if (!this.running) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await gone;
  }

  /** Ends it for good: SIGTERM, and SIGKILL for one that doesn't heed it. */
  async stop(patienceMs = 12_000) {
    this.#asked = true;
    clearTimeout(this.#timer);
    if (!this.running) return;
    // One that is stopped could not even hear the SIGTERM.
    this.#child.kill('SIGCONT');
    const hard = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs);
    await this.kill('SIGTERM');
    clearTimeout(hard);
  }

  async restart() {
    await this.stop();
    this.#startAgain();
    await this.options.whenReady();
  }

  /** The end of what it printed. */
  tail(lines = 15) {
    if (!existsSync(this.options.logFile)) return '';
    return readFileSync(this.options.logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  }
}

/** Where there can be no log (a full disk, a deleted directory) the process runs without one. */
const openLog = (path) => {
  try {
    if (existsSync(path) && statSync(path).size > largestLog) renameSync(path, `${path}.1`);
    return openSync(path, 'a');
  } catch {
    return 'ignore';
  }
};
