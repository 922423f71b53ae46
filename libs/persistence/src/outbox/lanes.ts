import { backoffMs } from './backoff.js';

/**
 * One lane per subject: within a lane messages go one after the other, so that they arrive in order; lanes don't wait
 * for one another. A lane whose message was refused rests for a while, longer each time.
 */
export class Lanes {
  private readonly resting = new Map<string, { attempts: number; until: number }>();

  static of<T extends { subject: string }>(messages: T[]): T[][] {
    const lanes = new Map<string, T[]>();
    for (const message of messages) {
      const lane = lanes.get(message.subject);
      if (lane) lane.push(message);
      else lanes.set(message.subject, [message]);
    }
    return [...lanes.values()];
  }

  failed(subject: string, now: number): void {
    const attempts = (this.resting.get(subject)?.attempts ?? 0) + 1;
    this.resting.set(subject, { attempts, until: now + backoffMs(attempts) });
  }

  succeeded(subject: string): void {
    this.resting.delete(subject);
  }

  /** Subjects that are not to be tried now. */
  restingAt(now: number): string[] {
    return [...this.resting].filter(([, { until }]) => until > now).map(([subject]) => subject);
  }

  /** When the first of the lanes that were resting at `now` may be tried again. */
  nextAfter(now: number): number | undefined {
    const times = [...this.resting.values()].map(({ until }) => until).filter((until) => until > now);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** All lanes may be tried at once; what they have behind them is forgotten. */
  clear(): void {
    this.resting.clear();
  }
}
