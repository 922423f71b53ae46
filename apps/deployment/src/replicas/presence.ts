import { MessagingClient } from '@millrace/messaging';
import { Injectable } from '@nestjs/common';
import { DeploymentEnv } from '../config/deployment.env.js';

const waitMs = 400;
/** Between two looks that belong together. */
const longestGapMs = 5_000;

/** Which inference replicas are there, by discovery (`$SRV.PING`): much sooner than by their not reporting any more. */
@Injectable()
export class Presence {
  private readonly seen = new Map<string, number>();
  private since = 0;
  private lookedAt = 0;

  constructor(
    private readonly client: MessagingClient,
    private readonly env: DeploymentEnv,
  ) {}

  async look(): Promise<void> {
    const now = Date.now();
    if (now - this.lookedAt > longestGapMs) {
      this.since = now;
      this.seen.clear();
    }
    this.lookedAt = now;
    for (const reply of await this.client.requestMany('$SRV.PING.inference', {}, { maxWaitMs: waitMs })) {
      const { metadata } = (reply ?? {}) as { metadata?: Record<string, unknown> };
      const replica = metadata?.['millrace.replica'];
      if (typeof replica === 'string' && metadata?.['millrace.prefix'] === this.client.subjects.prefix)
        this.seen.set(replica, Date.now());
    }
  }

  /** Silent for so long, while it was looked for, that nobody waits for it. */
  isGone({ replica, heardAt }: { replica: string; heardAt: number }, now = Date.now()): boolean {
    if (now - this.lookedAt > longestGapMs) return false;
    const last = Math.max(heardAt, this.seen.get(replica) ?? 0, this.since);
    return now - last > this.env.REPLICA_SILENCE_MS;
  }
}
