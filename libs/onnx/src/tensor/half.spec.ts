import fc from 'fast-check';
import { fromHalf, halfLimit, shortestOfHalf, toHalf } from './half.js';

describe('FP16', () => {
  // https://en.wikipedia.org/wiki/Half-precision_floating-point_format, "Half precision examples"
  it.each([
    [0x0000, 0],
    [0x8000, -0],
    [0x0001, 5.960464477539063e-8],
    [0x03ff, 6.097555160522461e-5],
    [0x0400, 6.103515625e-5],
    [0x3555, 0.333251953125],
    [0x3bff, 0.99951171875],
    [0x3c00, 1],
    [0x3c01, 1.0009765625],
    [0x7bff, 65504],
    [0x7c00, Infinity],
    [0xc000, -2],
    [0xfc00, -Infinity],
  ])('bits %d are %d', (bits, value) => {
    expect(fromHalf(bits)).toBe(value);
    expect(toHalf(value)).toBe(bits);
  });

  it('comes back from its number, all of them', () => {
    const wrong: number[] = [];
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = fromHalf(bits);
      const nan = (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0;
      if (nan ? !Number.isNaN(value) : toHalf(value) !== bits) wrong.push(bits);
      if (!nan && Number.isFinite(value) && toHalf(shortestOfHalf(bits)) !== bits) wrong.push(bits);
    }
    expect(wrong).toEqual([]);
  });

  it('is the nearest of all, and the even one of two', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -halfLimit, max: halfLimit, maxExcluded: true, minExcluded: true }),
        (x) => {
          const bits = toHalf(x);
          const distance = (other: number): number => Math.abs(fromHalf(other) - x);
          for (const other of [bits - 1, bits + 1]) {
            if ((other & 0x7fff) >= 0x7c00) continue;
            expect(distance(bits)).toBeLessThanOrEqual(distance(other));
            if (distance(bits) === distance(other)) expect(bits & 1).toBe(0);
          }
        },
      ),
      { numRuns: 2_000 },
    );
    expect(toHalf(1 + 2 ** -11)).toBe(0x3c00);
    expect(toHalf(1 + 3 * 2 ** -11)).toBe(0x3c02);
    expect(toHalf(1 + 2 ** -11 + 2 ** -40)).toBe(0x3c01);
    expect(toHalf(halfLimit)).toBe(0x7c00);
    expect(toHalf(65519.99)).toBe(0x7bff);
  });

  it('is written in as few digits as tell it from its neighbours', () => {
    expect([0x2e66, 0x3555, 0x7bff, 0x0001, 0x8000].map(shortestOfHalf)).toEqual([
      0.1, 0.3333, 65500, 6e-8, -0,
    ]);
  });
});
