/**
 * Events that are not published yet: oldest first, and bounded, because NATS may be away for long. Over the bound
 * the oldest are dropped, and counted.
 */
export class EventOutbox<E> {
  private readonly waiting: E[] = [];
  private flushing: Promise<void> | undefined;
  dropped = 0;

  constructor(
    private readonly publish: (event: E) => Promise<void>,
    private readonly capacity = 500,
  ) {}

  get size(): number {
    return this.waiting.length;
  }

  add(event: E): void {
    this.waiting.push(event);
    if (this.waiting.length <= this.capacity) return;
    this.waiting.shift();
    this.dropped += 1;
  }

  /** Publishes in order until all are out. @throws what publishing threw; the rest stays for the next time. */
  flush(): Promise<void> {
    this.flushing ??= this.drain().finally(() => (this.flushing = undefined));
    return this.flushing;
  }

  private async drain(): Promise<void> {
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      await this.publish(next);
      // It may have been dropped for a newer one meanwhile.
      if (this.waiting[0] === next) this.waiting.shift();
    }
  }
}
