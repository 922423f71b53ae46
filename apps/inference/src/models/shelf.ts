export interface ShelfLimits {
  /** Models that are awake. */
  models: number;
  /** About what they take together. */
  bytes: number;
}

/** A model as its memory is managed. */
export interface Sleeper {
  readonly bytes: number;
  /** Monotonic. */
  readonly usedAt: number;
  sleep(): Promise<void>;
}

/** The models that are awake. Where they are too many, those sleep that were asked longest ago. */
export class Shelf {
  private readonly awake = new Set<Sleeper>();
  private bytes = 0;

  constructor(
    private readonly limits: ShelfLimits,
    private readonly failed: (error: unknown) => void,
  ) {}

  get size(): number {
    return this.awake.size;
  }

  /** It is awake now, and stays so, also where it alone is too much. */
  add(model: Sleeper): void {
    this.awake.add(model);
    this.bytes += model.bytes;
    while (this.awake.size > 1 && this.isOver()) {
      const oldest = this.oldestBut(model);
      this.remove(oldest);
      oldest.sleep().catch(this.failed);
    }
  }

  remove(model: Sleeper): void {
    if (this.awake.delete(model)) this.bytes -= model.bytes;
  }

  private isOver(): boolean {
    return this.awake.size > this.limits.models || this.bytes > this.limits.bytes;
  }

  private oldestBut(model: Sleeper): Sleeper {
    let oldest: Sleeper | undefined;
    for (const other of this.awake)
      if (other !== model && (!oldest || other.usedAt < oldest.usedAt)) oldest = other;
    return oldest!;
  }
}
