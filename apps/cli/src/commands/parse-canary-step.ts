import { InvalidArgumentError } from 'commander';

export interface CanaryStepOption {
  weight: number;
  durationMs?: number;
}

const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `5:10m`: five percent for ten minutes; `50`: until somebody promotes. */
export const parseCanaryStep = (text: string, before: CanaryStepOption[] = []): CanaryStepOption[] => {
  const match = /^(\d{1,2})(?::(\d{1,6})(ms|s|m|h|d))?$/.exec(text);
  if (!match) throw new InvalidArgumentError('must be percent:duration, such as 5:10m, or percent alone.');
  const [, weight, count, unit] = match;
  const step = { weight: Number(weight) };
  return [...before, unit === undefined ? step : { ...step, durationMs: Number(count) * units[unit]! }];
};
