import type { JsonValue, RunStatus, StepStatus } from '@millrace/contracts';

/** A run as the database has it when all is quiet. */
export interface RunRecord {
  run: string;
  key: string | null;
  pipeline: string;
  status: RunStatus;
  params: { [name: string]: JsonValue };
  /** For which attempt of which step of which run it was begun. */
  parent?: { run: string; step: string; attempt: number };
  steps: StepRecord[];
}

export type ChildRecord = RunRecord & Required<Pick<RunRecord, 'parent'>>;

export const isChild = (record: RunRecord): record is ChildRecord => record.parent !== undefined;

export interface StepRecord {
  step: string;
  status: StepStatus;
  token: number;
  attempt: number;
  outputs: Record<string, JsonValue> | null;
  /** The run that did it, where it is one of another pipeline. */
  child?: string | null;
  error?: unknown;
}

/** What a chaos component puts out: its number, and which execution says so. */
export interface ChaosValue {
  n: number;
  execution: string;
}

const isValue = (value: unknown): value is ChaosValue =>
  typeof value === 'object' && value !== null && 'execution' in value;

/** Those in a value port: one, or those of a list, or none. */
export const valuesIn = (value: unknown): ChaosValue[] => [value].flat().filter(isValue);

/** @returns none for outputs without an execution: those of approvals and of deterministic components */
export const valuesOf = ({ outputs }: StepRecord, port = 'value'): ChaosValue[] => valuesIn(outputs?.[port]);
