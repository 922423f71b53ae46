import { redeliveryDelayMs } from './redeliver.js';

describe('redeliveryDelayMs', () => {
  it('doubles from a second up to a hundred', () => {
    const middle = (): number => 0.5;
    expect([1, 2, 3, 7, 8, 50].map((n) => redeliveryDelayMs(n, middle))).toEqual([
      1_000, 2_000, 4_000, 64_000, 100_000, 100_000,
    ]);
  });

  it('varies by a fifth', () => {
    expect([redeliveryDelayMs(1, () => 0), redeliveryDelayMs(1, () => 1)]).toEqual([800, 1_200]);
  });
});
