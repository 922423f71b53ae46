import type { PredictionWindow, ShadowComparison } from '@millrace/contracts';
import { QuantileSketch, type QuantileSketchJson } from '@millrace/ml';

/** What one side of a rollout answered. */
export interface MeasuredSide {
  requests: number;
  /** Those that were not the caller's own. */
  errors: number;
  /** Milliseconds. */
  latency: QuantileSketchJson;
}

export interface Measured {
  candidate: MeasuredSide;
  stable: MeasuredSide;
  shadow: ShadowComparison;
}

const nothing = (): MeasuredSide => ({ requests: 0, errors: 0, latency: new QuantileSketch().toJSON() });

export const nothingMeasured = (): Measured => ({
  candidate: nothing(),
  stable: nothing(),
  shadow: { rows: 0, agreed: 0, failed: 0, skipped: 0 },
});

/** @param q 0…1. @returns milliseconds; undefined before the first answer */
export const latencyOf = ({ latency }: MeasuredSide, q: number): number | undefined => {
  const sketch = QuantileSketch.fromJSON(latency);
  return sketch.count === 0 ? undefined : sketch.quantile(q);
};

/**
 * With one replica's window of one side added.
 * @throws RangeError, TypeError when its sketch can't be read, or was made with another precision
 */
export const withWindow = (
  measured: Measured,
  side: 'candidate' | 'stable',
  window: Pick<PredictionWindow, 'requests' | 'errors' | 'faults' | 'latency' | 'comparison'>,
): Measured => {
  const { requests, errors, latency } = measured[side];
  return {
    ...measured,
    [side]: {
      requests: requests + window.requests,
      errors: errors + (window.faults ?? window.errors),
      latency: QuantileSketch.fromJSON(latency)
        .merge(QuantileSketch.fromJSON(window.latency as QuantileSketchJson))
        .toJSON(),
    },
    ...(window.comparison ? { shadow: add(measured.shadow, window.comparison) } : {}),
  };
};

const add = (a: ShadowComparison, b: ShadowComparison): ShadowComparison => {
  const larger = (b.largestDifference ?? -1) > (a.largestDifference ?? -1) ? b : a;
  return {
    rows: a.rows + b.rows,
    agreed: a.agreed + b.agreed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    ...(larger.largestDifference === undefined ? {} : { largestDifference: larger.largestDifference }),
    ...(larger.largestDifferenceIn === undefined ? {} : { largestDifferenceIn: larger.largestDifferenceIn }),
  };
};
