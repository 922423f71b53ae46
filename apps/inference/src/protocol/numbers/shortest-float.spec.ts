import fc from 'fast-check';
import { shortestOfFloat } from './shortest-float.js';

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);
const ofBits = (pattern: number): number => {
  bits[0] = pattern;
  return float[0]!;
};

const digits = (x: number): number => x.toExponential().replace(/e.*|\D/g, '').length;

// Numbers of Ryu's own tests of float to text: https://github.com/ulfjack/ryu/blob/master/ryu/tests/f2s_test.cc
it.each<[number, number]>([
  [1.17549435e-38, 8],
  [3.4028235e38, 8],
  [1.4e-45, 1],
  [8.999999e9, 1],
  [3.4366717e10, 7],
  [3.0540412e5, 8],
  [8.0990312e3, 8],
  [2.4414062e-4, 8],
  [4.3945312e-3, 8],
  [4.7223665e21, 8],
  [1.9310392e-38, 8],
  [6.0898e-39, 5],
  [0.0010310042, 8],
  [2.882326e17, 7],
  [7.038531e-26, 7],
  [1.4e-44, 2],
  [2.816025e14, 7],
  [1.5846086e29, 8],
  [0.007812537, 7],
  [1.18697725e20, 9],
  [1.00014165e-36, 9],
  [0.1, 1],
  [16_777_216, 8],
  [999_999_936, 9],
])('%d takes %d digits', (value, count) => {
  const shortest = shortestOfFloat(Math.fround(value));
  expect(Math.fround(shortest)).toBe(Math.fround(value));
  expect(digits(shortest)).toBe(count);
});

it('is the same FP32 when it is read, with at most nine digits and none to spare', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (pattern) => {
      const value = ofBits(pattern);
      const shortest = shortestOfFloat(value);
      expect(Math.fround(shortest)).toBe(value);
      if (!Number.isFinite(value) || (pattern & 0x7f_ffff) === 0 || Number.isInteger(value)) return;
      expect(digits(shortest)).toBeLessThanOrEqual(9);
      // One digit less is another FP32.
      if (digits(shortest) > 1)
        expect(Math.fround(Number(value.toPrecision(digits(shortest) - 1)))).not.toBe(value);
    }),
    { numRuns: 3_000 },
  );
});

it('leaves what has no digits', () => {
  expect([NaN, Infinity, -Infinity, 0, -0].map(shortestOfFloat)).toEqual([NaN, Infinity, -Infinity, 0, -0]);
});
