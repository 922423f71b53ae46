/** @see TopKSketch */
export interface TopKSketchJson {
  kind: 'topK';
  capacity: number;
  count: number;
  /** `[value, count, error]`, most frequent first. */
  entries: [string, number, number][];
}

export interface TopKEntry {
  value: string;
  /** Never too low, and too high by at most `error`. */
  count: number;
  error: number;
}

/** Longer values are cut, so that a sketch's size is bounded. */
const maxValueLength = 256;

/**
 * The most frequent strings of a stream in bounded memory: Space-Saving (Metwally, Agrawal, El Abbadi 2005), mergeable
 * (Agarwal et al. 2012). Exact while there were at most `capacity` distinct values; otherwise any value more frequent than
 * count / capacity is kept.
 */
export class TopKSketch {
  private readonly entries = new Map<string, { count: number; error: number }>();
  count = 0;

  constructor(readonly capacity = 256) {
    if (!(Number.isInteger(capacity) && capacity > 0))
      throw new RangeError('capacity is not a positive integer');
  }

  add(value: string, count = 1): void {
    const key = value.length > maxValueLength ? value.slice(0, maxValueLength) : value;
    this.count += count;
    const entry = this.entries.get(key);
    if (entry) {
      entry.count += count;
      return;
    }
    const replaced = this.entries.size < this.capacity ? 0 : this.removeRarest();
    this.entries.set(key, { count: replaced + count, error: replaced });
  }

  merge(other: TopKSketch): this {
    const floor = this.floor();
    const otherFloor = other.floor();
    for (const [value, entry] of this.entries) {
      const there = other.entries.get(value);
      entry.count += there?.count ?? otherFloor;
      entry.error += there?.error ?? otherFloor;
    }
    for (const [value, there] of other.entries) {
      if (!this.entries.has(value)) {
        this.entries.set(value, { count: there.count + floor, error: there.error + floor });
      }
    }
    this.count += other.count;
    const kept = this.top(this.capacity);
    this.entries.clear();
    for (const { value, count, error } of kept) this.entries.set(value, { count, error });
    return this;
  }

  /** Most frequent first; equal counts in the order of their values. */
  top(k: number): TopKEntry[] {
    return [...this.entries]
      .map(([value, entry]) => ({ value, ...entry }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, k);
  }

  toJSON(): TopKSketchJson {
    return {
      kind: 'topK',
      capacity: this.capacity,
      count: this.count,
      entries: this.top(this.capacity).map(({ value, count, error }) => [value, count, error]),
    };
  }

  static fromJSON(json: TopKSketchJson): TopKSketch {
    const sketch = new TopKSketch(json.capacity);
    sketch.count = json.count;
    for (const [value, count, error] of json.entries) sketch.entries.set(value, { count, error });
    return sketch;
  }

  /** No value that is not kept was seen more often than this. */
  private floor(): number {
    if (this.entries.size < this.capacity) return 0;
    let least = Infinity;
    for (const { count } of this.entries.values()) least = Math.min(least, count);
    return least;
  }

  private removeRarest(): number {
    let rarest = '';
    let least = Infinity;
    for (const [value, { count }] of this.entries) {
      if (count < least) [rarest, least] = [value, count];
    }
    this.entries.delete(rarest);
    return least;
  }
}
