import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DomainError } from '@millrace/contracts';
import { residentBytes } from './resident-bytes.js';

/** How long a child that nobody uses stays warm; starting one costs some 250 ms. */
const idleMs = 10_000;

type Reply = { id: number; result?: unknown; error?: string };
type Pending = { resolve(result: unknown): void; reject(reason: unknown): void };

/** By somebody's hand, or for want of memory: may go well another time. Else it crashed on what it was given. */
const endedBy = (how: string): DomainError =>
  new DomainError(
    /^SIG(?:KILL|TERM|INT|HUP)$/.test(how) ? 'unavailable' : 'data_invalid',
    `the process that read the data ended with ${how}`,
  );

/** One process that holds one DuckDB at a time. */
export class Child {
  readonly #process: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #ended: DomainError | undefined;

  constructor() {
    this.#process = fork(fileURLToPath(new URL('./child.js', import.meta.url)), {
      execArgv: [],
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#process.on('message', (reply: Reply) => this.#settle(reply));
    // It could not be started, or ended before it could be told: either way another may do.
    this.#process.on('error', (cause) => this.#end(new DomainError('unavailable', cause.message, { cause })));
    this.#process.on('exit', (code, signal) => this.#end(endedBy(signal ?? String(code))));
    this.rest();
  }

  get usable(): boolean {
    return this.#ended === undefined;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get residentBytes(): number {
    return residentBytes(this.pid);
  }

  /** Keeps this process's event loop alive while work is under way, and no longer. */
  hold(): void {
    this.#process.ref();
    this.#process.channel?.ref();
  }

  rest(): void {
    this.#process.unref();
    this.#process.channel?.unref();
  }

  request(message: { open: object } | { run: string } | { close: true }): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#process.send({ id, ...message });
    });
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  #settle({ id, result, error }: Reply): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error === undefined) pending?.resolve(result);
    else pending?.reject(new Error(error));
  }

  #end(error: DomainError): void {
    this.#ended ??= error;
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
  }
}

/** Children that wait to be used again. A child is never shared, and one whose work failed to close is not reused. */
export class ChildPool {
  readonly #idle = new Map<Child, NodeJS.Timeout>();

  take(): Child {
    for (const [child, timer] of this.#idle) {
      clearTimeout(timer);
      this.#idle.delete(child);
      if (child.usable) return child;
    }
    return new Child();
  }

  give(child: Child): void {
    const timer = setTimeout(() => {
      this.#idle.delete(child);
      child.kill();
    }, idleMs);
    timer.unref();
    this.#idle.set(child, timer);
  }

  close(): void {
    for (const [child, timer] of this.#idle) {
      clearTimeout(timer);
      child.kill();
    }
    this.#idle.clear();
  }
}
