import type { Logger, Metrics } from '@millrace/observability';
import { outsideOfScope } from '../transactions/transaction-scope.js';
import { backoffMs } from './backoff.js';
import { Lanes } from './lanes.js';
import type { OutboxMessage } from './outbox-message.js';
import type { OutboxPublisher } from './outbox-publisher.js';
import type { OutboxTable } from './outbox-table.js';

const batch = 256;
const pollMs = 1_000;

/**
 * Publishes what the outbox holds: woken after each commit, in order of id within a subject, subjects side by side; a
 * row is removed when its publication was acknowledged. Never gives up. A slow poll finds what another process left.
 */
export class OutboxRelay {
  private readonly lanes = new Lanes();
  private awake = false;
  private stopping = false;
  private running: Promise<void> | undefined;
  private poll: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;
  private failures = 0;
  /** As all times of lanes, of a monotonic clock: a clock set back must not let a lane rest for as long. */
  private takenAt = 0;
  private readonly published;
  private readonly failed;

  constructor(
    private readonly table: OutboxTable,
    private readonly publisher: OutboxPublisher,
    private readonly logger?: Logger,
    metrics?: Metrics,
  ) {
    this.published = metrics?.histogram(
      'millrace_outbox_lag_seconds',
      'From the row to its acknowledged publication.',
    );
    this.failed = metrics?.counter(
      'millrace_outbox_failures_total',
      'Publications that were refused or timed out.',
    );
    metrics?.gauge('millrace_outbox_pending', 'Rows that wait to be published.', [], async (gauge) =>
      gauge.set(await table.count()),
    );
  }

  start(): void {
    this.publisher.onAvailable?.(this.resume);
    this.poll = setInterval(this.wake, pollMs).unref();
    this.wake();
  }

  /** Lets what is being published finish. What is left stays in the table. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearInterval(this.poll);
    clearTimeout(this.retry);
    await this.running;
  }

  /** How many messages on a subject wait to be published. */
  waiting(subject: string): Promise<number> {
    return this.table.count(subject);
  }

  /** There is something new. */
  readonly wake = (): void => {
    this.awake = true;
    if (this.stopping || this.running) return;
    this.running = outsideOfScope(() => this.work()).finally(() => {
      this.running = undefined;
      if (this.awake) this.wake();
    });
  };

  /** The other side is back: no need to sit out the rest of a backoff. */
  readonly resume = (): void => {
    this.lanes.clear();
    this.wake();
  };

  private async work(): Promise<void> {
    try {
      while (this.awake && !this.stopping) {
        this.awake = false;
        while (!this.stopping && (await this.takeBatch()) > 0);
      }
      this.failures = 0;
    } catch (error) {
      this.awake = false;
      this.failures++;
      this.logger?.warn({ err: error }, 'the outbox cannot be read; trying again');
    }
    this.wakeLater();
  }

  private takeBatch(): Promise<number> {
    this.takenAt = performance.now();
    return this.table.take(this.lanes.restingAt(this.takenAt), batch, async (messages) => {
      const ids = await Promise.all(Lanes.of(messages).map((lane) => this.publishLane(lane)));
      return ids.flat();
    });
  }

  /** @returns the ids of what was acknowledged: the first messages of the lane, up to one that failed. */
  private async publishLane(lane: OutboxMessage[]): Promise<number[]> {
    const acknowledged: number[] = [];
    for (const message of lane) {
      if (this.stopping) break;
      const { subject, messageId, headers } = message;
      try {
        await this.publisher({ subject, messageId, headers, payload: Buffer.from(message.payload) });
      } catch (error) {
        this.lanes.failed(subject, performance.now());
        this.failed?.inc();
        this.logger?.warn({ err: error, subject, messageId }, 'not published; will be tried again');
        break;
      }
      acknowledged.push(message.id);
      this.lanes.succeeded(subject);
      this.published?.observe((Date.now() - message.createdAt) / 1000);
    }
    return acknowledged;
  }

  private wakeLater(): void {
    if (this.stopping) return;
    const rested = this.lanes.nextAfter(this.takenAt);
    const delays = [
      ...(rested === undefined ? [] : [rested - performance.now()]),
      ...(this.failures === 0 ? [] : [backoffMs(this.failures)]),
    ];
    clearTimeout(this.retry);
    if (delays.length > 0) this.retry = setTimeout(this.wake, Math.max(1, Math.min(...delays))).unref();
  }
}
