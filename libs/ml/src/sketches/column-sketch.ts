import { MomentsSketch, type MomentsSketchJson } from './moments-sketch.js';
import { QuantileSketch, type QuantileSketchJson } from './quantile-sketch.js';
import { TopKSketch, type TopKSketchJson } from './top-k-sketch.js';

/** @see ColumnSketch */
export type ColumnSketchJson =
  | { kind: 'number'; missing: number; moments: MomentsSketchJson; quantiles: QuantileSketchJson }
  | { kind: 'string'; missing: number; top: TopKSketchJson };

/** What a sketch says, for people. */
export type ColumnSummary =
  | {
      kind: 'number';
      count: number;
      missing: number;
      mean: number | null;
      std: number | null;
      min: number | null;
      max: number | null;
      /** Null for each when nothing was added. */
      quantiles: {
        p01: number | null;
        p25: number | null;
        p50: number | null;
        p75: number | null;
        p99: number | null;
      };
    }
  | { kind: 'string'; count: number; missing: number; top: { value: string; count: number }[] };

const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);

/** Sketch of one feature or output: moments and quantiles of numbers, or the most frequent strings; and how many are missing. */
export class ColumnSketch {
  /** NaN, infinite, null, undefined, empty, or of the other type. */
  missing = 0;

  private constructor(
    readonly kind: 'number' | 'string',
    readonly moments: MomentsSketch,
    readonly quantiles: QuantileSketch,
    readonly top: TopKSketch,
  ) {}

  static of(kind: 'number' | 'string'): ColumnSketch {
    return new ColumnSketch(kind, new MomentsSketch(), new QuantileSketch(), new TopKSketch());
  }

  /** Values that are not missing. */
  get count(): number {
    return this.kind === 'number' ? this.moments.count : this.top.count;
  }

  /** Booleans count as 0 and 1, bigints as numbers. */
  add(value: unknown): void {
    if (this.kind === 'string') {
      if (typeof value === 'string' && value !== '') this.top.add(value);
      else this.missing += 1;
      return;
    }
    const x = typeof value === 'boolean' || typeof value === 'bigint' ? Number(value) : value;
    if (typeof x === 'number' && Number.isFinite(x)) {
      this.moments.add(x);
      this.quantiles.add(x);
    } else this.missing += 1;
  }

  /** @throws RangeError when one is of numbers and the other of strings. */
  merge(other: ColumnSketch): this {
    if (other.kind !== this.kind)
      throw new RangeError(`a sketch of ${this.kind}s cannot take one of ${other.kind}s`);
    this.missing += other.missing;
    this.moments.merge(other.moments);
    this.quantiles.merge(other.quantiles);
    this.top.merge(other.top);
    return this;
  }

  summary(topCount = 10): ColumnSummary {
    const { count, missing } = this;
    if (this.kind === 'string') {
      return {
        kind: 'string',
        count,
        missing,
        top: this.top.top(topCount).map(({ value, count }) => ({ value, count })),
      };
    }
    const { moments, quantiles } = this;
    return {
      kind: 'number',
      count,
      missing,
      mean: count === 0 ? null : moments.mean,
      std: finite(moments.std),
      min: finite(moments.min),
      max: finite(moments.max),
      quantiles: {
        p01: finite(quantiles.quantile(0.01)),
        p25: finite(quantiles.quantile(0.25)),
        p50: finite(quantiles.quantile(0.5)),
        p75: finite(quantiles.quantile(0.75)),
        p99: finite(quantiles.quantile(0.99)),
      },
    };
  }

  toJSON(): ColumnSketchJson {
    return this.kind === 'number'
      ? {
          kind: 'number',
          missing: this.missing,
          moments: this.moments.toJSON(),
          quantiles: this.quantiles.toJSON(),
        }
      : { kind: 'string', missing: this.missing, top: this.top.toJSON() };
  }

  static fromJSON(json: ColumnSketchJson): ColumnSketch {
    const sketch =
      json.kind === 'number'
        ? new ColumnSketch(
            'number',
            MomentsSketch.fromJSON(json.moments),
            QuantileSketch.fromJSON(json.quantiles),
            new TopKSketch(),
          )
        : new ColumnSketch(
            'string',
            new MomentsSketch(),
            new QuantileSketch(),
            TopKSketch.fromJSON(json.top),
          );
    sketch.missing = json.missing;
    return sketch;
  }
}
