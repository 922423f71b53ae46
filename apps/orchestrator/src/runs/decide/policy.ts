import type { ErrorBody, ErrorCode } from '@millrace/contracts';
import { retryDefaults, type PlannedStep } from '../../definition/plan.js';

/** How often one attempt is issued again because its worker fell silent: a component that kills its worker must end. */
export const maxLapses = 10;

/** How long a task may wait for a worker. */
export const maxQueuedMs = 24 * 3_600_000;

/** Of a step that says nothing about retries. */
const defaultAttempts = 5;

/** Nobody was there to do it: worth another attempt even where the pipeline doesn't ask for one. */
const absences: ReadonlySet<ErrorCode> = new Set(['unavailable', 'overloaded']);

export const shouldRetry = (
  retry: PlannedStep['retry'],
  attempt: number,
  { code, retryable }: ErrorBody,
): boolean =>
  retryable &&
  (retry
    ? attempt < retry.attempts && (retry.on?.includes(code) ?? true)
    : absences.has(code) && attempt < defaultAttempts);

/** FNV-1a, 32 bits, as a fraction: jitter that differs between steps and attempts, and is the same when asked again. */
const fractionOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash / 2 ** 32;
};

/** Growing, capped, and somewhere between half and all of that, so that what failed together isn't retried together. */
export const retryDelayMs = (retry: PlannedStep['retry'], attempt: number, seed: string): number => {
  const { backoffMs, factor, maxBackoffMs, jitter } = { ...retryDefaults, ...retry };
  const full = Math.min(maxBackoffMs, backoffMs * factor ** Math.max(0, attempt - 1));
  return Math.round(jitter ? full * (0.5 + fractionOf(`${seed}/${attempt}`) / 2) : full);
};
