import type { Execution, RunObserver } from '../execution/queued-run.js';

/** How often, and for how long altogether. */
export class Duration {
  count = 0;
  /** Milliseconds. */
  ms = 0;

  add(ms: number, count = 1): void {
    this.count += count;
    this.ms += ms;
  }
}

/** What the runs of one size took. */
export class BatchStatistics {
  readonly input = new Duration();
  readonly infer = new Duration();
  readonly output = new Duration();

  add({ inputMs, inferMs, outputMs }: Execution): void {
    this.input.add(inputMs);
    this.infer.add(inferMs);
    this.output.add(outputMs);
  }
}

/** Sizes that are told apart: each is a line of every answer. */
const mostBatchSizes = 256;

/**
 * What one version of one endpoint did on this replica since it started, as the statistics extension counts it: plain
 * numbers, added to on the way. Durations of what a run does count once for each request in it.
 */
export class ModelStatistics implements RunObserver {
  /** Epoch milliseconds. */
  lastInference = 0;
  /** Of answered requests. */
  rows = 0;
  executions = 0;
  readonly success = new Duration();
  readonly fail = new Duration();
  readonly queue = new Duration();
  readonly input = new Duration();
  readonly infer = new Duration();
  readonly output = new Duration();
  readonly batches = new Map<number, BatchStatistics>();

  /** @param startedAt and @param now of `performance.now()` */
  succeeded(rows: number, startedAt: number, now: number): void {
    this.lastInference = performance.timeOrigin + startedAt;
    this.rows += rows;
    this.success.add(now - startedAt);
  }

  failed(startedAt: number, now: number): void {
    this.lastInference = performance.timeOrigin + startedAt;
    this.fail.add(now - startedAt);
  }

  queued(ms: number): void {
    this.queue.add(ms);
  }

  executed(execution: Execution): void {
    const { rows, requests, inputMs, inferMs, outputMs } = execution;
    this.executions += 1;
    this.input.add(inputMs * requests, requests);
    this.infer.add(inferMs * requests, requests);
    this.output.add(outputMs * requests, requests);
    this.ofSize(rows)?.add(execution);
  }

  private ofSize(rows: number): BatchStatistics | undefined {
    let batches = this.batches.get(rows);
    if (!batches && this.batches.size < mostBatchSizes) {
      batches = new BatchStatistics();
      this.batches.set(rows, batches);
    }
    return batches;
  }
}
