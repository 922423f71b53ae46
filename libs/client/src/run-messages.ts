import { runStatuses, stepStatuses, type CloudEvent, type Progress } from '@millrace/contracts';
import type { RunEvent, RunNews, StepEvent } from './run-changes.js';

/** What may stand in a subject; a wildcard would follow every run. */
export const isRunName = (run: string): boolean => /^[A-Za-z0-9_-]{1,64}$/.test(run);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** What a message on `<prefix>.event.orchestrator.>` says about this run; undefined when it says nothing. */
export const runNewsOf = (run: string, message: unknown): RunNews | undefined => {
  const { type, data } = (isObject(message) ? message : {}) as Partial<CloudEvent>;
  if (!isObject(data) || data.run !== run) return undefined;
  if (type === 'orchestrator.run.changed' && runStatuses.includes(data.status as never)) {
    return { type: 'run', data: data as unknown as RunEvent };
  }
  if (type === 'orchestrator.step.changed' && stepStatuses.includes(data.status as never)) {
    return { type: 'step', data: data as unknown as StepEvent };
  }
  return undefined;
};

/** A worker's progress on this run. */
export const progressOf = (run: string, message: unknown): Progress | undefined =>
  isObject(message) && message.run === run && typeof message.step === 'string'
    ? (message as unknown as Progress)
    : undefined;
