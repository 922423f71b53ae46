/** Numbers that grow in number without work for the garbage collector, which would be counted as latency. */
export class Series {
  private kept = new Float64Array(1 << 16);
  private count = 0;

  push(value: number): void {
    if (this.count === this.kept.length) {
      const larger = new Float64Array(2 * this.count);
      larger.set(this.kept);
      this.kept = larger;
    }
    this.kept[this.count++] = value;
  }

  get values(): Float64Array {
    return this.kept.subarray(0, this.count);
  }
}

/** Of each request: when it was to be sent, and how long its answer took from then. What fails took for ever. */
export class AnswerLog {
  /** How many failed, by code. */
  readonly failures = new Map<string, number>();
  private readonly at = new Series();
  private readonly ms = new Series();

  add(at: number, ms: number, failed?: string): void {
    this.at.push(at);
    this.ms.push(failed === undefined ? ms : Infinity);
    if (failed !== undefined) this.failures.set(failed, (this.failures.get(failed) ?? 0) + 1);
  }

  get failed(): number {
    return [...this.failures.values()].reduce((sum, count) => sum + count, 0);
  }

  /** When the last was to be sent. */
  get lastAt(): number {
    return this.at.values.at(-1) ?? 0;
  }

  /** Milliseconds of those that were to be sent in that time. */
  between(from: number, to = Infinity): Float64Array {
    const { values: at } = this.at;
    return this.ms.values.filter((_, i) => at[i]! >= from && at[i]! < to);
  }
}
