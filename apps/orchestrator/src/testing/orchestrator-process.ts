import type { ChildProcess } from 'node:child_process';
import { healthGetOf } from '@millrace/contracts';
import { eventually } from '@millrace/testing';
import { isGone, killHard, spawnService } from './service-process.js';
import type { TestBed } from './test-bed.js';

/** The orchestrator as a process of its own, so that it can be killed without a chance to say goodbye. */
export class OrchestratorProcess implements AsyncDisposable {
  #child: ChildProcess | undefined;

  constructor(private readonly bed: TestBed) {}

  /** Resolves when it answers. */
  async start(): Promise<void> {
    const child = spawnService('main.ts', this.bed.env);
    this.#child = child;
    await eventually(
      async () => {
        if (isGone(child)) throw new Error(`the orchestrator ended with ${child.exitCode}`);
        await this.bed.call(healthGetOf('orchestrator'), {});
        return true;
      },
      { timeoutMs: 25_000, what: 'the orchestrator to answer' },
    );
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    await killHard(child);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
