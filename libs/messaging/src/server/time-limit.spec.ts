import { isLate, timeLimitOf } from './time-limit.js';

const received = 5_000;
const now = 1_790_000_000_000;
const hour = 3_600_000;
const never = (): number => {
  throw new Error('nothing has to be proven here');
};

describe('what a request says of its time', () => {
  it.each<[name: string, timeout: string | undefined, deadline: string | undefined, expiresAt?: number]>([
    ['nothing: it has no end', undefined, undefined, undefined],
    ['a timeout', '300', undefined, 5_300],
    ['a deadline alone', undefined, String(now + 200), 5_200],
    ['both, with clocks that agree', '300', String(now + 300), 5_300],
    ['both, from a caller whose clock is an hour behind', '300', String(now + 300 - hour), 5_300],
    ['both, from a caller whose clock is an hour ahead', '300', String(now + 300 + hour), 5_300],
    ['a deadline that is no number', undefined, 'soon', undefined],
    ['a timeout beside such a deadline', '300', 'soon', 5_300],
  ])('%s', (_, timeout, deadline, expiresAt) =>
    expect(timeLimitOf(timeout, deadline, received, now).expiresAt).toBe(expiresAt),
  );

  it.each(['soon', '1e999', '-Infinity', 'NaN', '12 ms', '{}', '1,5'])(
    'refuses the timeout %s by its name',
    (hostile) =>
      expect(() => timeLimitOf(hostile, undefined, received, now)).toThrow(
        expect.objectContaining({
          details: { fields: [expect.objectContaining({ field: 'Millrace-Timeout' })] },
        }),
      ),
  );
});

describe('too late on arrival', () => {
  const late = (timeout: string | undefined, deadline: number | undefined, waitedMs: () => number) =>
    isLate(
      timeLimitOf(timeout, deadline === undefined ? undefined : String(deadline), received, now),
      waitedMs,
    );

  it('is what a deadline alone says by our clock', () => {
    expect(late(undefined, now, never)).toBe(true);
    expect(late(undefined, now - hour, never)).toBe(true);
    expect(late(undefined, now + 1, never)).toBe(false);
    expect(late(undefined, undefined, never)).toBe(false);
  });

  it('is nothing that only a clock says, where there is a timeout', () => {
    expect(late('300', now + 300 - hour, () => 0)).toBe(false);
    expect(late('300', now - 1, () => 299)).toBe(false);
  });

  it('is what both the clock and the way here say', () => {
    expect(late('300', now - 1, () => 300)).toBe(true);
    // The clock of a caller that is ahead of ours hides it: the work is done in vain, and nothing is refused that is awaited.
    expect(late('300', now + hour, never)).toBe(false);
  });

  it('is what has no time at all', () => {
    expect(late('0', undefined, never)).toBe(true);
    expect(late('-5', now + hour, never)).toBe(true);
  });
});
