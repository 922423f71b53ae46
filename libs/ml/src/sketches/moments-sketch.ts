/** @see MomentsSketch */
export interface MomentsSketchJson {
  kind: 'moments';
  count: number;
  mean: number;
  /** Sum of squared deviations from the mean. */
  m2: number;
  min: number | null;
  max: number | null;
}

/** Count, mean, variance and range of a stream (Welford), mergeable (Chan, Golub, LeVeque 1979). Ignores NaN and infinities. */
export class MomentsSketch {
  count = 0;
  mean = 0;
  min = Infinity;
  max = -Infinity;
  private m2 = 0;

  add(x: number): void {
    if (!Number.isFinite(x)) return;
    this.count += 1;
    const delta = x - this.mean;
    this.mean += delta / this.count;
    this.m2 += delta * (x - this.mean);
    if (x < this.min) this.min = x;
    if (x > this.max) this.max = x;
  }

  merge(other: MomentsSketch): this {
    if (other.count === 0) return this;
    const count = this.count + other.count;
    const delta = other.mean - this.mean;
    this.m2 += other.m2 + (delta * delta * this.count * other.count) / count;
    this.mean += (delta * other.count) / count;
    this.count = count;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    return this;
  }

  /** Population variance; NaN when nothing was added. */
  get variance(): number {
    return this.count === 0 ? NaN : this.m2 / this.count;
  }

  /** Population standard deviation. */
  get std(): number {
    return Math.sqrt(this.variance);
  }

  toJSON(): MomentsSketchJson {
    const { count, mean, m2 } = this;
    const empty = count === 0;
    return { kind: 'moments', count, mean, m2, min: empty ? null : this.min, max: empty ? null : this.max };
  }

  static fromJSON(json: MomentsSketchJson): MomentsSketch {
    const sketch = new MomentsSketch();
    sketch.count = json.count;
    sketch.mean = json.mean;
    sketch.m2 = json.m2;
    sketch.min = json.min ?? Infinity;
    sketch.max = json.max ?? -Infinity;
    return sketch;
  }
}
