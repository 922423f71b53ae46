import { isErrorCode, type Completion, type ErrorBody } from '@millrace/contracts';

const maxText = 4_000;
const maxDetails = 16_000;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 256;

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
  const { run, step, token, attempt, worker, startedAt, finishedAt } = value;
  const result = resultOf(value['result']);
  if (!isName(run) || !isName(step) || !Number.isSafeInteger(token) || !result) return undefined;
  const time = (at: unknown) => (Number.isFinite(at) ? Number(at) : 0);
  return {
    run,
    step,
    token: Number(token),
    attempt: Number.isSafeInteger(attempt) ? Number(attempt) : 0,
    worker: isName(worker) ? worker : 'unknown',
    result,
    startedAt: time(startedAt),
    finishedAt: time(finishedAt),
  };
};
