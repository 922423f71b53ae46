import { DomainError } from '@millrace/contracts';
import type { Feeds } from '../protocol/tensor.js';
import { stack, stackable, unstack } from './batch.js';
import type { QueuedRun, RunObserver } from './queued-run.js';
import type { Runner } from './runner.js';

export interface QueueOptions {
  /** Requests that wait; more are refused at once with `overloaded`. */
  maxQueued: number;
  /** Rows that run together. */
  maxBatchRows: number;
  batchable: boolean;
}

interface Waiting extends QueuedRun {
  /** Of `performance.now()`. */
  since: number;
  resolve(outputs: Feeds): void;
  reject(error: unknown): void;
}

/**
 * The queue in front of one runner. First come, first served; no timer: whatever waits when the runner becomes free runs
 * as one batch, so an idle model answers one request at once and a busy one fills its batches by itself.
 */
export class ModelQueue {
  private waiting: Waiting[] = [];
  private running = false;
  private closed = false;
  private idle: (() => void) | undefined;

  constructor(
    private readonly runner: Runner,
    private readonly options: QueueOptions,
  ) {}

  run(request: QueuedRun): Promise<Feeds> {
    if (this.closed)
      return Promise.reject(new DomainError('unavailable', 'the model is being replaced, try again'));
    if (this.waiting.length >= this.options.maxQueued)
      return Promise.reject(
        new DomainError(
          'overloaded',
          `${this.waiting.length} requests wait for this model already, try again`,
        ),
      );
    return new Promise((resolve, reject) => {
      this.waiting.push({ ...request, since: performance.now(), resolve, reject });
      if (!this.running) void this.work();
    });
  }

  /** Takes nothing more, finishes what it took, then closes the runner. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.running) await new Promise<void>((resolve) => (this.idle = resolve));
    await this.runner.close();
  }

  private async work(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      const batch = this.take();
      if (batch.length === 1) await this.runAlone(batch[0]!);
      else if (batch.length > 1) await this.runTogether(batch);
    }
    this.running = false;
    this.idle?.();
  }

  /** The next batch, in order of arrival; those whose deadline passed while they waited are refused instead. */
  private take(): Waiting[] {
    const { batchable, maxBatchRows } = this.options;
    const batch: Waiting[] = [];
    const now = performance.now();
    let rows = 0;
    let taken = 0;
    for (const next of this.waiting) {
      if (next.expiresAt !== undefined && next.expiresAt <= now)
        next.reject(new DomainError('deadline_exceeded', 'the deadline passed while the request waited'));
      else if (batch.length === 0) rows = batch.push(next) && next.rows;
      else if (batchable && rows + next.rows <= maxBatchRows && stackable(batch[0]!.feeds, next.feeds)) {
        batch.push(next);
        rows += next.rows;
      } else break;
      taken += 1;
    }
    for (const { observer, since } of batch) observer?.queued(now - since);
    this.waiting = taken === this.waiting.length ? [] : this.waiting.slice(taken);
    return batch;
  }

  private async runAlone(one: Waiting): Promise<void> {
    try {
      const began = performance.now();
      const outputs = await this.runner.run(one.feeds);
      const inferMs = performance.now() - began;
      one.observer?.executed({ rows: one.rows, requests: 1, inputMs: 0, inferMs, outputMs: 0 });
      one.resolve(outputs);
    } catch (error) {
      one.reject(error);
    }
  }

  /** When the batch as a whole fails, or can't be told apart, each runs alone: one bad row is no neighbour's error. */
  private async runTogether(batch: Waiting[]): Promise<void> {
    const results = await this.runStacked(batch);
    if (results) batch.forEach((one, i) => one.resolve(results[i]!));
    else for (const one of batch) await this.runAlone(one);
  }

  private async runStacked(batch: Waiting[]): Promise<Feeds[] | undefined> {
    try {
      const began = performance.now();
      const feeds = stack(batch.map((one) => one.feeds));
      const stacked = performance.now();
      const outputs = await this.runner.run(feeds);
      const computed = performance.now();
      const results = unstack(
        outputs,
        batch.map(({ rows }) => rows),
      );
      if (results) observe(batch, stacked - began, computed - stacked, performance.now() - computed);
      return results;
    } catch {
      return undefined;
    }
  }
}

/** Tells each observer of the requests in the batch that are its own. */
const observe = (batch: readonly Waiting[], inputMs: number, inferMs: number, outputMs: number): void => {
  const rows = batch.reduce((sum, one) => sum + one.rows, 0);
  const requests = new Map<RunObserver, number>();
  for (const { observer } of batch) if (observer) requests.set(observer, (requests.get(observer) ?? 0) + 1);
  for (const [observer, count] of requests)
    observer.executed({ rows, requests: count, inputMs, inferMs, outputMs });
};
