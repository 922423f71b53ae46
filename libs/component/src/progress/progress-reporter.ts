import type { Progress } from '@millrace/contracts';
import type { LogLevel } from '../descriptor/component.js';

/** What changes from one message to the next. */
export type Report = Pick<Progress, 'fraction' | 'message' | 'metrics' | 'log'>;

export interface Clock {
  now(): number;
  /** @returns a function that cancels it */
  after(ms: number, fn: () => void): () => void;
}

export const systemClock: Clock = {
  now: Date.now,
  after: (ms, fn) => {
    const timer = setTimeout(fn, ms).unref();
    return () => clearTimeout(timer);
  },
};

const minIntervalMs = 100;
/** Log lines at once, and how fast that allowance grows again. */
const logBurst = 100;
const logsPerSecond = 10;
const maxMessage = 2_000;

/**
 * Keeps a chatty component from flooding the network: progress goes out at most ten times a second, the newest wins and
 * the last always gets out; log lines have a budget, and those over it are counted instead.
 */
export class ProgressReporter {
  private lastAt = -Infinity;
  private waiting: Report | undefined;
  private cancelTimer: (() => void) | undefined;
  private budget = logBurst;
  private budgetAt: number;
  private leftOut = 0;
  private closed = false;

  constructor(
    private readonly send: (report: Report) => void,
    private readonly clock: Clock = systemClock,
  ) {
    this.budgetAt = clock.now();
  }

  progress(
    fraction: number | undefined,
    more: { message?: string; metrics?: Record<string, number> } = {},
  ): void {
    if (this.closed) return;
    this.waiting = { ...reportedFraction(fraction), ...clean(more) };
    const wait = this.lastAt + minIntervalMs - this.clock.now();
    if (wait <= 0) this.flushProgress();
    else this.cancelTimer ??= this.clock.after(wait, () => this.flushProgress());
  }

  log(level: LogLevel, message: string): void {
    if (this.closed) return;
    const now = this.clock.now();
    this.budget = Math.min(logBurst, this.budget + ((now - this.budgetAt) / 1_000) * logsPerSecond);
    this.budgetAt = now;
    if (this.budget < 1) {
      this.leftOut++;
      return;
    }
    this.budget--;
    this.send({ log: { level, message: message.slice(0, maxMessage) } });
  }

  /** Sends what still waits, and nothing more: work that was left behind may go on talking. */
  close(): void {
    this.flushProgress();
    this.closed = true;
    if (this.leftOut > 0)
      this.send({ log: { level: 'warn', message: `${this.leftOut} more log lines were left out` } });
    this.leftOut = 0;
  }

  private flushProgress(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    if (!this.waiting) return;
    this.lastAt = this.clock.now();
    this.send(this.waiting);
    this.waiting = undefined;
  }
}

const reportedFraction = (fraction: number | undefined): { fraction?: number } =>
  fraction === undefined || Number.isNaN(fraction) ? {} : { fraction: Math.min(1, Math.max(0, fraction)) };

const clean = ({ message, metrics }: { message?: string; metrics?: Record<string, number> }): Report => ({
  ...(message === undefined ? {} : { message: message.slice(0, maxMessage) }),
  ...(metrics === undefined ? {} : { metrics: finite(metrics) }),
});

/** JSON has no NaN and no infinity. */
export const finite = (metrics: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value)));
