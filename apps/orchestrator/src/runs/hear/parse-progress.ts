import { logLevels, type Progress } from '@millrace/contracts';
import { isName, isRecord, timeOf } from './shapes.js';

const logOf = (value: unknown): Pick<Progress, 'log'> => {
  if (!isRecord(value) || typeof value['message'] !== 'string') return {};
  const level = logLevels.find((known) => known === value['level']) ?? 'info';
  const reported = Number.isSafeInteger(value['n']) ? { n: Number(value['n']) } : {};
  return { log: { level, message: value['message'], ...reported } };
};

/** Of a worker's report, what the orchestrator goes by. */
export const parseProgress = (value: unknown): Progress | undefined => {
  if (!isRecord(value)) return undefined;
  const { run, step, token, worker, probe, at } = value;
  if (!isName(run) || !isName(step) || !Number.isSafeInteger(token)) return undefined;
  return {
    run,
    step,
    token: Number(token),
    worker: isName(worker) ? worker : 'unknown',
    at: timeOf(at),
    ...(typeof probe === 'string' && /^[\w-]{1,64}$/.test(probe) ? { probe } : {}),
    ...logOf(value['log']),
  };
};
