import { parseCanaryStep } from './parse-canary-step.js';

describe('a step of a canary', () => {
  it.each([
    ['5:10m', { weight: 5, durationMs: 600_000 }],
    ['25:1h', { weight: 25, durationMs: 3_600_000 }],
    ['1:250ms', { weight: 1, durationMs: 250 }],
    ['50', { weight: 50 }],
  ])('%s is read', (text, step) => {
    expect(parseCanaryStep(text, [{ weight: 1 }])).toEqual([{ weight: 1 }, step]);
  });

  it.each(['', '5:', '5:10', '5:10 m', '100:1m', '-5:1m', '5%:1m', '5:1y', '5:9999999s'])(
    '%j is refused',
    (text) => {
      expect(() => parseCanaryStep(text)).toThrow('percent:duration');
    },
  );
});
