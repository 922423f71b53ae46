import type { ChildProcess } from 'node:child_process';
import { eventually, freePort } from '@millrace/testing';
import { isGone, killHard, spawnService } from './service-process.js';
import type { TestBed } from './test-bed.js';

/** The orchestrator as a process of its own, so that it can be killed without a chance to say goodbye. */
export class OrchestratorProcess implements AsyncDisposable {
  #child: ChildProcess | undefined;

  constructor(private readonly bed: TestBed) {}

  /** Resolves when it is ready: it itself, not only a replica that answers for it. */
  async start(): Promise<void> {
    const port = await freePort();
    const child = spawnService('main.ts', { ...this.bed.env, HEALTH_PORT: String(port) });
    this.#child = child;
    await eventually(
      async () => {
        if (isGone(child)) throw new Error(`the orchestrator ended with ${child.exitCode}`);
        return (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok;
      },
      { timeoutMs: 40_000, everyMs: 50, what: 'the orchestrator to be ready' },
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
