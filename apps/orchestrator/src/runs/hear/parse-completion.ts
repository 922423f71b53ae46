import { isErrorCode, type Completion, type ErrorBody } from '@millrace/contracts';
import { parseLog } from './parse-log.js';
import { isName, isRecord, timeOf } from './shapes.js';

const maxText = 4_000;
const maxDetails = 16_000;

const errorOf = (value: unknown): ErrorBody => {
  const { code, message, retryable, details } = isRecord(value) ? value : {};
  const small = isRecord(details) && JSON.stringify(details).length <= maxDetails;
  return {
    code: isErrorCode(code) ? code : 'internal',
    message: typeof message === 'string' ? message.slice(0, maxText) : 'failed without a message',
    retryable: retryable === true,
    ...(small ? { details } : {}),
  };
};

const metricsOf = (value: unknown): Record<string, number> =>
  Object.fromEntries(
    Object.entries(isRecord(value) ? value : {})
      .filter((entry): entry is [string, number] => typeof entry[1] === 'number')
      .slice(0, 1_000),
  );

const resultOf = (value: unknown): Completion['result'] | undefined => {
  if (!isRecord(value)) return undefined;
  if (value['status'] === 'failed') return { status: 'failed', error: errorOf(value['error']) };
  if (value['status'] !== 'succeeded' || !isRecord(value['outputs'])) return undefined;
  const outputs = value['outputs'] as Extract<Completion['result'], { status: 'succeeded' }>['outputs'];
  return { status: 'succeeded', outputs, metrics: metricsOf(value['metrics']) };
};

/** A worker may be written by anybody: what can't be understood is `undefined`, what is too long is cut. */
export const parseCompletion = (value: unknown): Completion | undefined => {
  if (!isRecord(value)) return undefined;
  const { run, step, token, attempt, worker, startedAt, finishedAt, redelivered } = value;
  const result = resultOf(value['result']);
  if (!isName(run) || !isName(step) || !Number.isSafeInteger(token) || !result) return undefined;
  const log = parseLog(value['log']);
  return {
    run,
    step,
    token: Number(token),
    attempt: Number.isSafeInteger(attempt) ? Number(attempt) : 0,
    worker: isName(worker) ? worker : 'unknown',
    result,
    ...(log ? { log } : {}),
    startedAt: timeOf(startedAt),
    finishedAt: timeOf(finishedAt),
    ...(Number.isSafeInteger(redelivered) && result.status === 'failed'
      ? { redelivered: Number(redelivered) }
      : {}),
  };
};
