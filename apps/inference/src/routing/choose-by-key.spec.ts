import fc from 'fast-check';
import { chooseByKey, hashOf } from './choose-by-key.js';

const choices = (weights: readonly number[]) =>
  weights.map((weight, i) => ({ name: i, weight, seed: hashOf(`model@${i}`) }));
const choose = (weights: readonly number[], key: string): number => chooseByKey(choices(weights), key).name;
const keys = Array.from({ length: 20_000 }, (_, i) => `customer-${i}`);

describe('the choice for a key', () => {
  it('is the same each time, also for odd keys', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 5 }),
        (key, weights) => {
          fc.pre(weights.some((weight) => weight > 0));
          const chosen = choose(weights, key);
          expect(choose(weights, key)).toBe(chosen);
          expect(weights[chosen]).toBeGreaterThan(0);
        },
      ),
    );
  });

  // Binomial: 20,000 keys at p = 0.05 have a standard deviation of 31, so 200 is more than six of them.
  it.each([[[95, 5]], [[75, 25]], [[50, 50]], [[60, 30, 10]]])('gives each its share: %j', (weights) => {
    const counts = weights.map(() => 0);
    for (const key of keys) counts[choose(weights, key)]! += 1;
    counts.forEach((count, i) => {
      const share = weights[i]! / 100;
      const deviation = Math.sqrt(keys.length * share * (1 - share));
      expect(Math.abs(count - share * keys.length)).toBeLessThan(6 * deviation);
    });
  });

  it('changes only towards the one that gains', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 98 }), fc.integer({ min: 1, max: 99 }), (before, after) => {
        fc.pre(after > before);
        const chosen = (weight: number) =>
          keys.slice(0, 300).filter((key) => choose([100 - weight, weight], key) === 1);
        const gained = new Set(chosen(after));
        expect(chosen(before).filter((key) => !gained.has(key))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});
