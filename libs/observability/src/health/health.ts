/** Throws, or rejects, with the reason why it is not well. */
export type HealthCheck = () => void | Promise<void>;

export interface HealthStatus {
  status: 'ready' | 'unready';
  checks: Record<string, { ok: boolean; error?: string }>;
}

/** Readiness: can the service do its job right now? Ready when every check passes. */
export class Health {
  private readonly checks = new Map<string, HealthCheck>();

  /** @param timeoutMs a check that takes longer counts as failed, so that a hanging dependency cannot hang the answer. */
  constructor(private readonly timeoutMs = 2_000) {}

  /** Adds a check, or replaces the one of that name. */
  add(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  async status(): Promise<HealthStatus> {
    const entries = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await this.outcome(check)] as const),
    );
    const status = entries.every(([, { ok }]) => ok) ? 'ready' : 'unready';
    return { status, checks: Object.fromEntries(entries) };
  }

  private async outcome(check: HealthCheck): Promise<{ ok: boolean; error?: string }> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${this.timeoutMs} ms`)), this.timeoutMs);
    });
    try {
      await Promise.race([check(), timeout]);
      return { ok: true };
    } catch (error) {
      return { ok: false, error: error instanceof Error ? error.message : String(error) };
    } finally {
      clearTimeout(timer);
    }
  }
}
