import type { PredictionWindow } from '@millrace/contracts';
import { fitWindow } from './fit-window.js';

const window = (sketches: Record<string, unknown>): PredictionWindow => ({
  ...{ endpoint: 'e', model: 'm', version: 1, replica: 'r', from: '', to: '' },
  ...{ requests: 1, rows: 1, errors: 0, latency: {}, sketches },
});

describe('fitWindow', () => {
  it('leaves a window that fits', () => {
    const small = window({ a: 'x' });
    expect(fitWindow(small)).toBe(small);
  });

  it('keeps the counts and the smallest sketches of one that does not', () => {
    const large = window({ a: 'x'.repeat(500), b: 'x', c: 'x'.repeat(5_000), d: 'x'.repeat(100) });
    const fitted = fitWindow(large, 1_000);
    expect(Object.keys(fitted.sketches)).toEqual(['a', 'b', 'd']);
    expect(JSON.stringify(fitted).length).toBeLessThanOrEqual(1_000);
    expect(fitWindow(large, 10)).toEqual(window({}));
  });
});
