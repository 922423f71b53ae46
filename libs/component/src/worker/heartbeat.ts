import { heartbeatMs, leaseMs } from '@millrace/contracts';

export interface HeartbeatOptions {
  /** Tells JetStream that the task is in hand, so that nobody else gets it. */
  working(): void;
  /** Tells the orchestrator that the task is worked on: its lease. */
  report(): void;
  /** The event loop stood still for so long that the lease is in danger. */
  onBlocked(ms: number): void;
}

/** Beats for one task: for JetStream from the moment it is taken, for the orchestrator once it is begun. */
export class Heartbeat {
  private readonly timer = setInterval(() => this.beat(), heartbeatMs);
  private begun = false;
  private last = performance.now();

  constructor(private readonly o: HeartbeatOptions) {}

  begin(): void {
    this.begun = true;
    this.beat();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private beat(): void {
    const now = performance.now();
    const blockedMs = Math.round(now - this.last - heartbeatMs);
    this.last = now;
    if (blockedMs > leaseMs / 3) this.o.onBlocked(blockedMs);
    this.o.working();
    if (this.begun) this.o.report();
  }
}
