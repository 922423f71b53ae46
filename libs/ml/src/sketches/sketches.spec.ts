import fc from 'fast-check';
import { ColumnSketch } from './column-sketch.js';
import { MomentsSketch } from './moments-sketch.js';
import { QuantileSketch } from './quantile-sketch.js';
import { TopKSketch } from './top-k-sketch.js';

const values = fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 200 });
const wide = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 100 });
const quantilesOf = (xs: number[]) => {
  const sketch = new QuantileSketch();
  xs.forEach((x) => sketch.add(x));
  return sketch;
};
const momentsOf = (xs: number[]) => {
  const sketch = new MomentsSketch();
  xs.forEach((x) => sketch.add(x));
  return sketch;
};
const topOf = (xs: string[], capacity = 256) => {
  const sketch = new TopKSketch(capacity);
  xs.forEach((x) => sketch.add(x));
  return sketch;
};

describe('QuantileSketch', () => {
  it('is within its relative error of the true quantile', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (xs, q) => {
        const sorted = Float64Array.from(xs).sort();
        const truth = sorted[Math.floor(q * (xs.length - 1))]!;
        expect(Math.abs(quantilesOf(xs).quantile(q) - truth)).toBeLessThanOrEqual(
          Math.abs(truth) * 0.01 + 1e-12,
        );
      }),
    );
  });

  it('merges into what it would have been in one, in any grouping', () => {
    fc.assert(
      fc.property(wide, wide, wide, (a, b, c) => {
        const whole = quantilesOf([...a, ...b, ...c]).toJSON();
        expect(quantilesOf(a).merge(quantilesOf(b)).merge(quantilesOf(c)).toJSON()).toEqual(whole);
        expect(
          quantilesOf(a)
            .merge(quantilesOf(b).merge(quantilesOf(c)))
            .toJSON(),
        ).toEqual(whole);
        expect(quantilesOf(c).merge(quantilesOf(a)).merge(quantilesOf(b)).toJSON()).toEqual(whole);
      }),
    );
  });

  it('survives JSON', () => {
    fc.assert(
      fc.property(wide, (xs) => {
        const json = quantilesOf(xs).toJSON();
        expect(QuantileSketch.fromJSON(JSON.parse(JSON.stringify(json))).toJSON()).toEqual(json);
      }),
    );
  });

  it('stays small whatever comes, and right at the top', () => {
    const sketch = new QuantileSketch();
    for (let exponent = -290; exponent <= 300; exponent += 0.01) sketch.add(10 ** exponent);
    expect(sketch.toJSON().positive.length).toBeLessThanOrEqual(2048);
    expect(sketch.quantile(0.99) / 10 ** 294.1).toBeCloseTo(1, 1);
  });

  it('ignores what is no number and says NaN when empty', () => {
    const sketch = quantilesOf([NaN, Infinity, -Infinity]);
    expect(sketch.count).toBe(0);
    expect(sketch.quantile(0.5)).toBeNaN();
    expect(sketch.toJSON()).toMatchObject({ min: null, max: null });
  });

  it('refuses to merge another relative error, and to have a senseless one', () => {
    expect(() => new QuantileSketch(0.01).merge(new QuantileSketch(0.02))).toThrow(RangeError);
    expect(() => new QuantileSketch(0)).toThrow(RangeError);
  });
});

describe('MomentsSketch', () => {
  it('is the two-pass mean and variance, also when merged', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const all = [...a, ...b];
        const mean = all.reduce((sum, x) => sum + x / all.length, 0);
        const variance = all.reduce((sum, x) => sum + (x - mean) ** 2 / all.length, 0);
        const scale = Math.max(...all.map(Math.abs), 1);
        for (const sketch of [momentsOf(all), momentsOf(a).merge(momentsOf(b))]) {
          expect(sketch.count).toBe(all.length);
          expect(Math.abs(sketch.mean - mean) / scale).toBeLessThan(1e-12);
          expect(Math.abs(sketch.variance - variance) / scale ** 2).toBeLessThan(1e-12);
          expect([sketch.min, sketch.max]).toEqual([Math.min(...all), Math.max(...all)]);
        }
      }),
    );
  });

  it('survives JSON, also empty', () => {
    for (const sketch of [momentsOf([]), momentsOf([1, 2, 5])]) {
      expect(MomentsSketch.fromJSON(JSON.parse(JSON.stringify(sketch)))).toEqual(sketch);
    }
  });
});

describe('TopKSketch', () => {
  const words = fc.array(fc.constantFrom(...'abcdefghij'), { maxLength: 300 });
  const countIn = (xs: string[], value: string) => xs.filter((x) => x === value).length;

  it('is exact while it has room, also when merged, in any grouping', () => {
    fc.assert(
      fc.property(words, words, words, (a, b, c) => {
        const whole = topOf([...a, ...b, ...c]).toJSON();
        expect(topOf(a).merge(topOf(b)).merge(topOf(c)).toJSON()).toEqual(whole);
        expect(
          topOf(a)
            .merge(topOf(b).merge(topOf(c)))
            .toJSON(),
        ).toEqual(whole);
        for (const [value, count, error] of whole.entries) {
          expect([count, error]).toEqual([countIn([...a, ...b, ...c], value), 0]);
        }
      }),
    );
  });

  it('bounds the true count when it has none left, and keeps what is frequent', () => {
    fc.assert(
      fc.property(words, words, (a, b) => {
        const all = [...a, ...b];
        const capacity = 4;
        for (const sketch of [topOf(all, capacity), topOf(a, capacity).merge(topOf(b, capacity))]) {
          const kept = sketch.top(capacity);
          expect(kept.length).toBeLessThanOrEqual(capacity);
          for (const { value, count, error } of kept) {
            expect(countIn(all, value)).toBeLessThanOrEqual(count);
            expect(countIn(all, value)).toBeGreaterThanOrEqual(count - error);
          }
          for (const value of new Set(all)) {
            if (countIn(all, value) > all.length / capacity)
              expect(kept.map((entry) => entry.value)).toContain(value);
          }
        }
      }),
    );
  });

  it('survives JSON', () => {
    const sketch = topOf(['a', 'b', 'a', 'c'], 2);
    expect(TopKSketch.fromJSON(JSON.parse(JSON.stringify(sketch))).toJSON()).toEqual(sketch.toJSON());
  });

  it('cuts long values', () => {
    expect(topOf(['x'.repeat(10_000)]).top(1)[0]!.value).toHaveLength(256);
  });
});

describe('ColumnSketch', () => {
  it('counts what is missing and what is there', () => {
    const sketch = ColumnSketch.of('number');
    for (const x of [1, true, 3n, NaN, null, 'text', undefined, Infinity]) sketch.add(x);
    expect(sketch.summary()).toMatchObject({ kind: 'number', count: 3, missing: 5, min: 1, max: 3 });
    const strings = ColumnSketch.of('string');
    for (const x of ['a', 'a', '', null, 3]) strings.add(x);
    expect(strings.summary()).toEqual({
      kind: 'string',
      count: 2,
      missing: 3,
      top: [{ value: 'a', count: 2 }],
    });
  });

  it('merges and survives JSON', () => {
    for (const kind of ['number', 'string'] as const) {
      const [a, b, whole] = [ColumnSketch.of(kind), ColumnSketch.of(kind), ColumnSketch.of(kind)];
      [1, 'a', null].forEach((x) => (a.add(x), whole.add(x)));
      [2, 'b', 'a'].forEach((x) => (b.add(x), whole.add(x)));
      const merged = ColumnSketch.fromJSON(JSON.parse(JSON.stringify(a))).merge(b);
      expect(merged.toJSON()).toEqual(whole.toJSON());
    }
  });

  it('of nothing has a summary of nulls', () => {
    expect(ColumnSketch.of('number').summary()).toMatchObject({ count: 0, mean: null, std: null, min: null });
  });

  it('refuses to merge another kind', () => {
    expect(() => ColumnSketch.of('number').merge(ColumnSketch.of('string'))).toThrow(RangeError);
  });
});
