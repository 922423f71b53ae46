import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { healthGetOf } from '@millrace/contracts';
import { eventually } from '@millrace/testing';
import type { TestBed } from './test-bed.js';

const root = resolve(import.meta.dirname, '../../../..');

/** The orchestrator as a process of its own, so that it can be killed without a chance to say goodbye. */
export class OrchestratorProcess implements AsyncDisposable {
  #child: ChildProcess | undefined;

  constructor(private readonly bed: TestBed) {}

  /** Resolves when it answers. */
  async start(): Promise<void> {
    const main = join(root, 'apps/orchestrator/src/main.ts');
    const child = spawn(
      process.execPath,
      ['--conditions=@millrace/source', '--import=@swc-node/register/esm-register', main],
      {
        cwd: root,
        env: { TS_NODE_PROJECT: 'tsconfig.base.json', ...this.bed.env },
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    this.#child = child;
    await eventually(
      async () => {
        if (child.exitCode !== null) throw new Error(`the orchestrator ended with ${child.exitCode}`);
        await this.bed.call(healthGetOf('orchestrator'), {});
        return true;
      },
      { timeoutMs: 25_000, what: 'the orchestrator to answer' },
    );
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
