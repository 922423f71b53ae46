/** Something that ends when its time is up. */
export interface Expiring {
  expire(): void;
}

/**
 * One timer for any number of deadlines: they are kept in buckets of `tickMs`, so adding and removing costs a set
 * operation and no timer. Fires up to one tick late, never early.
 */
export class DeadlineWheel {
  private readonly buckets = new Map<number, Set<Expiring>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly tickMs = 20) {}

  /** @returns the bucket, to be handed to `remove`. */
  add(item: Expiring, afterMs: number): number {
    const bucket = Math.ceil((performance.now() + afterMs) / this.tickMs);
    const items = this.buckets.get(bucket);
    if (items) items.add(item);
    else this.buckets.set(bucket, new Set([item]));
    this.timer ??= setInterval(() => this.sweep(), this.tickMs).unref();
    return bucket;
  }

  remove(item: Expiring, bucket: number): void {
    this.buckets.get(bucket)?.delete(item);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.buckets.clear();
  }

  private sweep(): void {
    const now = Math.floor(performance.now() / this.tickMs);
    // A few hundred buckets at most: one per tick of the longest timeout.
    for (const [bucket, items] of this.buckets) {
      if (bucket > now) continue;
      this.buckets.delete(bucket);
      for (const item of items) item.expire();
    }
    if (this.buckets.size === 0) this.stop();
  }
}
