import type { ReplicaReport } from '@millrace/contracts';

const retryMs = { first: 200, max: 10_000 };

/**
 * Tells deployment what this replica serves, until it is heard. Only the newest report of an endpoint counts, so what
 * waits is bounded by the number of endpoints.
 */
export class ReplicaReporter {
  private readonly latest = new Map<string, ReplicaReport>();
  private readonly unsent = new Set<string>();
  private sending = false;
  private stopped = false;
  private wakeUp: (() => void) | undefined;

  constructor(
    private readonly send: (report: ReplicaReport) => Promise<unknown>,
    private readonly onFailure: (error: unknown) => void = () => {},
  ) {}

  report(report: ReplicaReport): void {
    this.latest.set(report.endpoint, report);
    this.unsent.add(report.endpoint);
    void this.drain();
  }

  forget(endpoint: string): void {
    this.latest.delete(endpoint);
    this.unsent.delete(endpoint);
  }

  /** Says everything again: deployment may have forgotten, and drops replicas that it has not heard of for long. */
  repeat(): void {
    for (const endpoint of this.latest.keys()) this.unsent.add(endpoint);
    this.wakeUp?.();
    void this.drain();
  }

  stop(): void {
    this.stopped = true;
    this.wakeUp?.();
  }

  private async drain(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    let delay = retryMs.first;
    for (let [endpoint] = this.unsent; endpoint !== undefined && !this.stopped; [endpoint] = this.unsent) {
      this.unsent.delete(endpoint);
      try {
        await this.send(this.latest.get(endpoint)!);
        delay = retryMs.first;
      } catch (error) {
        if (this.latest.has(endpoint)) this.unsent.add(endpoint);
        this.onFailure(error);
        await this.pause(delay);
        delay = Math.min(delay * 2, retryMs.max);
      }
    }
    this.sending = false;
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
