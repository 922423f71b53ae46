import { DomainError } from '@millrace/contracts';
import type { Feeds } from '../protocol/tensor.js';
import { stackable } from './batch.js';
import { BatchDelay } from './batch-delay.js';
import { batchLimit, isWorthRunning, type QueueOptions } from './queue-options.js';
import type { QueuedRun } from './queued-run.js';
import { refuseLate, runBatch } from './run-batch.js';
import type { Runner } from './runner.js';
import { WaitingLine, type Waiting } from './waiting-line.js';

/**
 * The queue in front of the runners of one model. No timer, unless a delay is asked for: whatever waits when a runner
 * becomes free runs as one batch, so an idle model answers one request at once and a busy one fills its batches by itself.
 */
export class ModelQueue {
  private readonly line = new WaitingLine();
  private readonly free: Runner[];
  private readonly delay: BatchDelay | undefined;
  /** One for all: many are refused at once. */
  private readonly overloaded: DomainError;
  private closed = false;
  private idle: (() => void) | undefined;

  constructor(
    private readonly runners: readonly Runner[],
    private readonly options: QueueOptions,
  ) {
    this.free = [...runners];
    this.overloaded = new DomainError(
      'overloaded',
      `${options.maxQueued} requests wait for this model already, try again`,
    );
    const { maxBatchDelayMs = 0, batchable } = options;
    if (maxBatchDelayMs > 0 && batchable) this.delay = new BatchDelay(maxBatchDelayMs, () => this.dispatch());
  }

  /** Why the next request would be refused, which is known before it is read. */
  get refusal(): DomainError | undefined {
    if (this.closed) return new DomainError('unavailable', 'the model is being replaced, try again');
    if (this.line.length >= this.options.maxQueued) return this.overloaded;
    return this.outage;
  }

  /** Why the model takes nothing for now. */
  get outage(): DomainError | undefined {
    return this.runners[0]?.outage;
  }

  run(asked: QueuedRun): Promise<Feeds> {
    const { refusal } = this;
    if (refusal) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      this.line.add({ asked, since: performance.now(), resolve, reject });
      if (this.free.length > 0) this.dispatch();
    });
  }

  /** Takes nothing more, finishes what it took, then closes the runners. */
  async close(): Promise<void> {
    this.closed = true;
    this.delay?.stop();
    this.dispatch();
    if (this.free.length < this.runners.length) await new Promise<void>((resolve) => (this.idle = resolve));
    await Promise.all(this.runners.map((runner) => runner.close()));
  }

  private dispatch(): void {
    while (this.free.length > 0 && this.line.length > 0 && !this.mayWait()) {
      const runner = this.free.pop()!;
      void this.work(runner, this.take(runner));
    }
  }

  /** Whether those that wait are better off with more company. */
  private mayWait(): boolean {
    if (!this.delay || this.closed || isWorthRunning(this.line.rows, this.options)) return false;
    return this.delay.holds(this.line.oldest);
  }

  private async work(runner: Runner, first: Waiting[]): Promise<void> {
    for (let batch = first; ; batch = this.take(runner)) {
      if (batch.length > 0) await runBatch(runner, batch);
      if (this.line.length === 0 || this.mayWait()) break;
    }
    this.free.push(runner);
    if (this.closed && this.free.length === this.runners.length) this.idle?.();
  }

  /** The next batch, in order; those whose deadline passed while they waited are refused instead. */
  private take(runner: Runner): Waiting[] {
    const limit = Math.min(batchLimit(this.line.rows, this.options), runner.maxRows);
    const batch: Waiting[] = [];
    const now = performance.now();
    let rows = 0;
    this.line.takeWhile((next) => {
      if (refuseLate(next, now)) return true;
      if (batch.length > 0 && !this.fits(batch[0]!, next, limit - rows)) return false;
      rows += next.asked.rows;
      batch.push(next);
      return true;
    });
    for (const { asked, since } of batch) asked.observer?.queued(now - since);
    return batch;
  }

  private fits({ asked: first }: Waiting, { asked: next }: Waiting, room: number): boolean {
    return this.options.batchable && next.rows <= room && stackable(first.feeds, next.feeds);
  }
}
