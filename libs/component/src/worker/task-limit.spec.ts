import { taskLimitMs, tooLate } from './task-limit.js';

const now = 1_790_000_000_000;
const hour = 3_600_000;

describe('how long an attempt may take', () => {
  it.each([
    ['right', 0],
    ['an hour ahead', hour],
    ['an hour behind', -hour],
    ['years ahead', 100_000 * hour],
  ])('is what the task says in milliseconds, by a clock that is %s', (_, skew) => {
    expect(taskLimitMs({ timeoutMs: 600_000, deadline: now + 700_000 }, now + skew)).toBe(600_000);
  });

  it('is until the deadline in a task that says nothing else', () => {
    expect(taskLimitMs({ deadline: now + 5_000 }, now)).toBe(5_000);
    expect(taskLimitMs({ deadline: now - 1 }, now)).toBe(-1);
  });

  it('is named by what counted', () => {
    expect(tooLate({ timeoutMs: 5, deadline: now }).message).toBe('not done within 5 ms');
    expect(tooLate({ deadline: now }).message).toBe('not done by 2026-09-21T14:13:20.000Z');
  });
});
