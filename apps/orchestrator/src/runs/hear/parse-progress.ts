import type { Progress } from '@millrace/contracts';
import { isName, isRecord } from './parse-completion.js';

const levels = ['info', 'warn', 'error'] as const;

const logOf = (value: unknown): Pick<Progress, 'log'> => {
  if (!isRecord(value) || typeof value['message'] !== 'string') return {};
  const level = levels.find((known) => known === value['level']) ?? 'info';
  return { log: { level, message: value['message'] } };
};

/** Of a worker's report, what the orchestrator goes by. */
export const parseProgress = (value: unknown): Progress | undefined => {
  if (!isRecord(value)) return undefined;
  const { run, step, token, worker, at } = value;
  if (!isName(run) || !isName(step) || !Number.isSafeInteger(token)) return undefined;
  return {
    run,
    step,
    token: Number(token),
    worker: isName(worker) ? worker : 'unknown',
    at: Number.isFinite(at) ? Number(at) : 0,
    ...logOf(value['log']),
  };
};
