import type { CanaryOptions } from '@millrace/contracts';
import { latencyOf, type Measured } from './measured.js';

export interface Verdict {
  verdict: 'good' | 'bad' | 'unknown';
  reason: string;
}

/** Fewer answers of the version before are no measure for the candidate. */
const fewestToCompare = 30;

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
const ms = (value: number): string => `${Number(value.toPrecision(3))} ms`;

/**
 * What a candidate's numbers say of it. Errors condemn it as soon as nothing that follows, up to the minimum of requests,
 * could make up for them; all else waits for the minimum.
 */
export const judgeCanary = (options: CanaryOptions, { candidate, stable }: Measured): Verdict => {
  const { minRequests = 100, maxErrorRate = 0.01, maxLatencyP99Ms = Infinity, maxLatencyRatio } = options;
  const { requests, errors } = candidate;
  if (errors > maxErrorRate * Math.max(requests, minRequests))
    return bad(`${errors} of ${requests} requests failed, more than ${percent(maxErrorRate)}`);
  if (requests < minRequests) return unknown(`${requests} of at least ${minRequests} requests`);
  const p99 = latencyOf(candidate, 0.99) ?? 0;
  if (p99 > maxLatencyP99Ms) return bad(`p99 of ${ms(p99)}, more than ${ms(maxLatencyP99Ms)}`);
  if (maxLatencyRatio !== undefined) {
    if (stable.requests < fewestToCompare)
      return unknown(
        `${stable.requests} of at least ${fewestToCompare} requests to the version before, to compare with`,
      );
    const before = latencyOf(stable, 0.99) ?? 0;
    if (p99 > maxLatencyRatio * before)
      return bad(
        `p99 of ${ms(p99)}, more than ${maxLatencyRatio} times the ${ms(before)} of the version before`,
      );
  }
  return { verdict: 'good', reason: `${errors} of ${requests} requests failed, p99 of ${ms(p99)}` };
};

const bad = (reason: string): Verdict => ({ verdict: 'bad', reason });
const unknown = (reason: string): Verdict => ({ verdict: 'unknown', reason });
