import type { ChildProcess } from 'node:child_process';
import { isGone, killHard, spawnService } from './service-process.js';

/** So many processes of `frail-worker.main.ts`; one that dies is started again, as a supervisor would. */
export class FrailWorkers implements AsyncDisposable {
  readonly #children = new Set<ChildProcess>();
  #closed = false;
  /** How many have died of a signal. */
  deaths = 0;

  constructor(
    private readonly env: Record<string, string>,
    count: number,
  ) {
    for (let i = 0; i < count; i++) this.#start();
  }

  /** The process that said that it has a task: `<host>-<pid>-…`. */
  find(worker: string | undefined): ChildProcess {
    const child = [...this.#children].find(({ pid }) => worker?.includes(`-${pid}-`));
    if (!child) throw new Error(`no process of ${worker}`);
    return child;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#children].map(killHard));
  }

  #start(): void {
    const child = spawnService('testing/frail-worker.main.ts', this.env);
    this.#children.add(child);
    child.once('exit', () => {
      this.#children.delete(child);
      if (this.#closed) return;
      if (child.signalCode !== null) this.deaths++;
      if (isGone(child)) this.#start();
    });
  }
}
