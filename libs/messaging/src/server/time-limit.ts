import { InvalidRequest, headerNames } from '@millrace/contracts';

/** What a request says of how long its caller waits. */
export interface TimeLimit {
  /** Of `performance.now()`: nobody waits for the reply after it. */
  readonly expiresAt: number | undefined;
  /** As the caller said it, in milliseconds, where it did. */
  readonly timeoutMs: number | undefined;
  /** By the caller's time of day and our clock it is over: true, or one of the clocks is wrong. */
  readonly overByClock: boolean;
}

/**
 * A timeout counts from receipt, whatever the time of day says of it: clocks differ, and a request that was under way
 * for long is found out otherwise (see `Backlog`). Without a timeout the time of day decides, as of old.
 * @param receivedAt of `performance.now()`
 * @param now epoch milliseconds
 * @throws InvalidRequest for a timeout that is no number. A deadline that is none is no deadline.
 */
export const timeLimitOf = (
  timeout: string | undefined,
  deadline: string | undefined,
  receivedAt: number,
  now: number,
): TimeLimit => {
  const leftByClock = deadline === undefined ? NaN : Number(deadline) - now;
  const overByClock = leftByClock <= 0;
  if (timeout === undefined) {
    const expiresAt = Number.isFinite(leftByClock) ? receivedAt + leftByClock : undefined;
    return { expiresAt, timeoutMs: undefined, overByClock };
  }
  const timeoutMs = Number(timeout);
  if (!Number.isFinite(timeoutMs))
    throw new InvalidRequest([{ field: headerNames.timeout, message: 'must be a number of milliseconds' }]);
  return { expiresAt: receivedAt + timeoutMs, timeoutMs, overByClock };
};

/**
 * Does nobody wait any more for what was just received? Where a timeout was given, "over by the clock" is believed only
 * with a second witness: that the request has been on its way to us for as long as that.
 * @param waitedMs how long it has waited at least, as far as we can prove
 */
export const isLate = ({ timeoutMs, overByClock }: TimeLimit, waitedMs: () => number): boolean =>
  timeoutMs === undefined ? overByClock : timeoutMs <= 0 || (overByClock && waitedMs() >= timeoutMs);
