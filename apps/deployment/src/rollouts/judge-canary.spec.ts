import type { CanaryOptions } from '@millrace/contracts';
import { QuantileSketch } from '@millrace/ml';
import { judgeCanary } from './judge-canary.js';
import type { MeasuredSide } from './measured.js';
import { nothingMeasured } from './measured.js';

const side = (requests: number, errors = 0, ms = 2): MeasuredSide => {
  const latency = new QuantileSketch();
  if (requests > errors) latency.add(ms, requests - errors);
  return { requests, errors, latency: latency.toJSON() };
};
const judge = (options: Partial<CanaryOptions>, candidate: MeasuredSide, stable = side(0)) =>
  judgeCanary({ steps: [{ weight: 5 }], ...options }, { ...nothingMeasured(), candidate, stable });

describe('the verdict on a canary', () => {
  it.each([
    ['unknown', 0, 0],
    ['unknown', 99, 1],
    ['bad', 2, 2],
    ['bad', 99, 2],
    ['good', 100, 1],
    ['bad', 100, 2],
    ['good', 1000, 10],
    ['bad', 1000, 11],
  ])('is %s at %d requests with %d errors, of 100 and 1 %%', (verdict, requests, errors) => {
    expect(judge({}, side(requests, errors)).verdict).toBe(verdict);
  });

  it('counts no error as one too many where none may be', () => {
    expect(judge({ maxErrorRate: 0 }, side(1, 1))).toEqual({
      verdict: 'bad',
      reason: '1 of 1 requests failed, more than 0 %',
    });
    expect(judge({ maxErrorRate: 0 }, side(100)).verdict).toBe('good');
  });

  it('measures its p99 against a bound', () => {
    expect(judge({ maxLatencyP99Ms: 10 }, side(100, 0, 9)).verdict).toBe('good');
    expect(judge({ maxLatencyP99Ms: 10 }, side(100, 0, 11)).verdict).toBe('bad');
    expect(judge({ maxLatencyP99Ms: 10 }, side(50, 0, 11)).verdict).toBe('unknown');
  });

  it('measures its p99 against that of the version before, once that has one', () => {
    const options = { maxLatencyRatio: 2 };
    expect(judge(options, side(100, 0, 3), side(200, 0, 2)).verdict).toBe('good');
    expect(judge(options, side(100, 0, 5), side(200, 0, 2)).reason).toBe(
      'p99 of 5 ms, more than 2 times the 2 ms of the version before',
    );
    expect(judge(options, side(100, 0, 5), side(29, 0, 2)).verdict).toBe('unknown');
  });
});
