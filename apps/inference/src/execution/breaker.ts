import { DomainError } from '@millrace/contracts';

const strikesToOut = 5;
const withinMs = 60_000;
const firstOutMs = 30_000;
const longestOutMs = 600_000;

/**
 * Counts what a model did to its hosts, and puts it out for a while when that is too much: to start one host after the
 * other for it would take the machine from its neighbours. Each time is twice as long, until a run goes well.
 */
export class Breaker {
  private strikes: number[] = [];
  private outUntil = -Infinity;
  private nextOutMs = firstOutMs;
  private last: DomainError | undefined;

  /** @param now monotonic, in milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {}

  strike(reason: DomainError): void {
    const now = this.now();
    this.last = reason;
    this.strikes = [...this.strikes.filter((at) => at > now - withinMs), now];
    if (this.strikes.length < strikesToOut) return;
    this.outUntil = now + this.nextOutMs;
    this.nextOutMs = Math.min(longestOutMs, this.nextOutMs * 2);
    // Back in, it has one chance.
    this.strikes = this.strikes.slice(1 - strikesToOut).map(() => this.outUntil);
  }

  /** A run went well after it had been out. */
  succeed(): void {
    if (this.nextOutMs === firstOutMs || this.now() < this.outUntil) return;
    this.nextOutMs = firstOutMs;
    this.strikes = [];
  }

  get outage(): DomainError | undefined {
    const leftMs = this.outUntil - this.now();
    if (!(leftMs > 0)) return undefined;
    return new DomainError(
      'unavailable',
      `the model is put out for ${Math.ceil(leftMs / 1_000)} s, for what its runs did: ${this.last!.message}`,
      { ...(this.last ? { cause: this.last } : {}) },
    );
  }
}
