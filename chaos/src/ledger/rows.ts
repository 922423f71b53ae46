import type { JsonValue, RunStatus, StepStatus } from '@millrace/contracts';

/** A run as the database has it when all is quiet. */
export interface RunRecord {
  run: string;
  key: string | null;
  pipeline: string;
  status: RunStatus;
  steps: StepRecord[];
}

export interface StepRecord {
  step: string;
  status: StepStatus;
  token: number;
  attempt: number;
  outputs: Record<string, JsonValue> | null;
  error?: unknown;
}

/** What a chaos component puts out: its number, and which execution says so. */
export interface ChaosValue {
  n: number;
  execution: string;
}

/** @returns undefined for outputs without an execution: those of deterministic components */
export const valueOf = ({ outputs }: StepRecord): ChaosValue | undefined =>
  outputs?.['value'] as ChaosValue | undefined;
