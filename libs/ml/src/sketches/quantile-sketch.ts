/** @see QuantileSketch */
export interface QuantileSketchJson {
  kind: 'quantile';
  relativeError: number;
  count: number;
  zeros: number;
  min: number | null;
  max: number | null;
  /** `[bucket, count]`, buckets ascending. */
  positive: [number, number][];
  negative: [number, number][];
}

/** Buckets per sign. At 1 % relative error they span 17 orders of magnitude below the largest value. */
const maxBuckets = 2048;
/** Magnitudes below this count as zero. */
const smallest = 1e-300;

/**
 * Quantiles of a stream within a relative error, mergeable without loss: DDSketch (Masson, Rim, Lee, VLDB 2019).
 * A quantile is off by at most `relativeError` times its value. When a stream spans more than `maxBuckets` buckets,
 * those of smallest magnitude become one. NaN and infinities are ignored.
 */
export class QuantileSketch {
  private readonly gamma: number;
  private readonly logGamma: number;
  private readonly positive = new Map<number, number>();
  private readonly negative = new Map<number, number>();
  private zeros = 0;
  count = 0;
  min = Infinity;
  max = -Infinity;

  constructor(readonly relativeError = 0.01) {
    if (!(relativeError > 0 && relativeError < 1))
      throw new RangeError('relativeError is not between 0 and 1');
    this.gamma = (1 + relativeError) / (1 - relativeError);
    this.logGamma = Math.log(this.gamma);
  }

  add(x: number, count = 1): void {
    if (!Number.isFinite(x)) return;
    this.count += count;
    // Plus zero: JSON has no negative zero.
    if (x < this.min) this.min = x + 0;
    if (x > this.max) this.max = x + 0;
    const magnitude = Math.abs(x);
    if (magnitude < smallest) this.zeros += count;
    else
      addToBucket(
        x > 0 ? this.positive : this.negative,
        Math.ceil(Math.log(magnitude) / this.logGamma),
        count,
      );
  }

  /** Adds all of `other`. @throws RangeError when their relative errors differ. */
  merge(other: QuantileSketch): this {
    if (other.relativeError !== this.relativeError) {
      throw new RangeError(`relative errors differ: ${this.relativeError} and ${other.relativeError}`);
    }
    this.count += other.count;
    this.zeros += other.zeros;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    for (const [bucket, count] of other.positive) addToBucket(this.positive, bucket, count);
    for (const [bucket, count] of other.negative) addToBucket(this.negative, bucket, count);
    return this;
  }

  /** @param q 0…1. NaN when nothing was added. */
  quantile(q: number): number {
    if (this.count === 0 || !(q >= 0 && q <= 1)) return NaN;
    if (q === 0) return this.min;
    if (q === 1) return this.max;
    const rank = q * (this.count - 1);
    let seen = 0;
    for (const [bucket, count] of sorted(this.negative).reverse()) {
      seen += count;
      if (seen > rank) return this.clamp(-this.middle(bucket));
    }
    seen += this.zeros;
    if (seen > rank) return 0;
    for (const [bucket, count] of sorted(this.positive)) {
      seen += count;
      if (seen > rank) return this.clamp(this.middle(bucket));
    }
    return this.max;
  }

  toJSON(): QuantileSketchJson {
    return {
      kind: 'quantile',
      relativeError: this.relativeError,
      count: this.count,
      zeros: this.zeros,
      min: this.count === 0 ? null : this.min,
      max: this.count === 0 ? null : this.max,
      positive: sorted(this.positive),
      negative: sorted(this.negative),
    };
  }

  static fromJSON(json: QuantileSketchJson): QuantileSketch {
    const sketch = new QuantileSketch(json.relativeError);
    sketch.count = json.count;
    sketch.zeros = json.zeros;
    sketch.min = json.min ?? Infinity;
    sketch.max = json.max ?? -Infinity;
    for (const [bucket, count] of json.positive) addToBucket(sketch.positive, bucket, count);
    for (const [bucket, count] of json.negative) addToBucket(sketch.negative, bucket, count);
    return sketch;
  }

  private middle(bucket: number): number {
    return (2 * Math.pow(this.gamma, bucket)) / (this.gamma + 1);
  }

  private clamp(x: number): number {
    return Math.min(this.max, Math.max(this.min, x));
  }
}

const sorted = (buckets: Map<number, number>): [number, number][] => [...buckets].sort((a, b) => a[0] - b[0]);

const addToBucket = (buckets: Map<number, number>, bucket: number, count: number): void => {
  buckets.set(bucket, (buckets.get(bucket) ?? 0) + count);
  if (buckets.size > maxBuckets) collapse(buckets);
};

/** Joins the buckets more than `maxBuckets` below the highest. Depends on the highest alone, so merging is associative. */
const collapse = (buckets: Map<number, number>): void => {
  let highest = -Infinity;
  for (const bucket of buckets.keys()) if (bucket > highest) highest = bucket;
  const lowest = highest - maxBuckets + 1;
  let joined = 0;
  for (const [bucket, count] of buckets) {
    if (bucket > lowest) continue;
    joined += count;
    buckets.delete(bucket);
  }
  buckets.set(lowest, joined);
};
