import { setImmediate } from 'node:timers/promises';
import { DomainError } from '@millrace/contracts';

/** How long other requests wait for arithmetic, in milliseconds. */
const sliceMs = 2;

/**
 * Lets the event loop go on now and then, and ends the work when its time is over.
 * @param expiresAt of `performance.now()`
 * @throws DomainError `deadline_exceeded`
 */
export const pausesUntil = (expiresAt: number): (() => Promise<void>) => {
  let sliceEnds = performance.now() + sliceMs;
  return async () => {
    const now = performance.now();
    if (now < sliceEnds) return;
    if (now > expiresAt)
      throw new DomainError('deadline_exceeded', 'the time of the request was over before it was explained');
    await setImmediate();
    sliceEnds = performance.now() + sliceMs;
  };
};
