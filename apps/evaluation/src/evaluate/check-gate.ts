import { DomainError, type ArtifactRef } from '@millrace/contracts';
import type { Gate } from './evaluate.params.js';

export interface GateCheck {
  metric: string;
  min?: number;
  max?: number;
  /** Null where the metric could not be computed. */
  value: number | null;
  passed: boolean;
}

/** Both ends belong to the range. A metric that there is not does not pass. */
export const checkGate = (gate: Gate, metrics: Record<string, number>): GateCheck[] =>
  Object.entries(gate).map(([metric, { min, max }]) => {
    const value = Object.hasOwn(metrics, metric) ? metrics[metric]! : null;
    const passed =
      value !== null && !(min !== undefined && value < min) && !(max !== undefined && value > max);
    return {
      metric,
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      value,
      passed,
    };
  });

const describe = ({ metric, min, max, value }: GateCheck): string => {
  if (value === null) return `there is no ${metric}`;
  return min !== undefined && value < min
    ? `${metric} ${value} is below ${min}`
    : `${metric} ${value} is above ${max}`;
};

/** The model did not pass; the report says by how much. */
export class GateFailed extends DomainError {
  constructor(failed: GateCheck[], report: ArtifactRef) {
    super('gate_failed', failed.map(describe).join('; '), { details: { gate: failed, report } });
  }
}
