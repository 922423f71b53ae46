import type { Clock } from './progress-reporter.js';

/** Time that passes when the test says so. */
export class ManualClock implements Clock {
  private time = 0;
  private readonly timers = new Map<object, { at: number; fn: () => void }>();

  now(): number {
    return this.time;
  }

  after(ms: number, fn: () => void): () => void {
    const key = {};
    this.timers.set(key, { at: this.time + ms, fn });
    return () => void this.timers.delete(key);
  }

  pass(ms: number): void {
    this.time += ms;
    for (const [key, { at, fn }] of this.timers)
      if (at <= this.time) {
        this.timers.delete(key);
        fn();
      }
  }
}
