import { issued, play } from '../../testing/play.js';

describe('decide: what a retry may be', () => {
  const delayOf = (retry: object, attempts = 1): number => {
    const run = play([[]], () => ({ retry: { attempts: 9, ...retry } }));
    run.begin();
    for (let attempt = 1; ; attempt++) {
      const [command] = run.fail(0, attempt);
      if (command?.type !== 'schedule-retry') throw new Error(`no retry, but ${command?.type}`);
      if (attempt === attempts) return command.delayMs;
      run.tell({ type: 'retry.due', step: 0, attempt });
    }
  };

  it('waits as long as it says: base, factor and cap, without chance if so asked', () => {
    const exact = { backoffMs: 100, factor: 3, maxBackoffMs: 500, jitter: false };
    expect([1, 2, 3].map((attempt) => delayOf(exact, attempt))).toEqual([100, 300, 500]);
    expect(delayOf({ backoffMs: 100, jitter: true })).toBeGreaterThanOrEqual(50);
    expect(delayOf({ backoffMs: 100, jitter: true })).toBeLessThanOrEqual(100);
  });

  it('comes only after the codes that it names', () => {
    const retry = { attempts: 3, on: ['unavailable' as const] };
    const other = play([[]], () => ({ retry }));
    other.begin();
    other.fail(0, 1, { code: 'internal' });
    expect(other.state.status).toBe('failed');
    const named = play([[]], () => ({ retry }));
    named.begin();
    expect(named.fail(0, 1, { code: 'unavailable' })).toMatchObject([{ type: 'schedule-retry' }]);
    named.tell({ type: 'retry.due', step: 0, attempt: 1 });
    named.fail(0, 2, { code: 'unavailable', retryable: false });
    expect(named.state.status).toBe('failed');
  });
});

describe('decide: the limit of all attempts', () => {
  it('bounds every attempt, and ends the step when the next one would begin too late', () => {
    const limits = { stepTimeoutMs: 5_000, timeoutMs: 4_000, retry: { attempts: 9, backoffMs: 0 } };
    const run = play([[]], () => limits);
    const [first] = issued(run.begin());
    expect(first?.deadline).toBe(6_000);
    expect(first?.timeoutMs).toBe(4_000);
    run.tell({ type: 'task.started', step: 0, token: 1, worker: 'w' });
    expect(run.state.steps[0]?.deadline).toBe(6_000);
    run.fail(0, 1, { message: 'no' });
    const again = issued(run.tell({ type: 'retry.due', step: 0, attempt: 1 }));
    expect(again).toMatchObject([{ deadline: 6_000, timeoutMs: 2_000 }]);
    run.tell({ type: 'task.started', step: 0, token: 2, worker: 'w' });
    run.tell({ type: 'attempt.timed-out', step: 0, token: 2 });
    expect(run.state.error).toMatchObject({
      code: 'deadline_exceeded',
      message: "step 's0': no time is left for another attempt within 5000 ms: not done within 5000 ms",
    });
  });

  it('ends the step when its worker is lost after it: no worker takes a task without time', () => {
    const run = play([[]], () => ({ stepTimeoutMs: 2_000, timeoutMs: 2_000 }));
    run.begin();
    run.tell({ type: 'task.started', step: 0, token: 1, worker: 'w' });
    expect(issued(run.tell({ type: 'lease.lapsed', step: 0, token: 1 }))).toEqual([]);
    expect(run.state.error?.message).toMatch(/no time is left for another attempt within 2000 ms/);
  });

  it('begins anew when the step is opened again', () => {
    const run = play([[]], () => ({
      stepTimeoutMs: 1_500,
      retry: { attempts: 2, backoffMs: 1_000, jitter: false },
    }));
    run.begin();
    run.fail(0, 1);
    expect(run.state.status).toBe('failed');
    expect(issued(run.tell({ type: 'resume.asked' }))).toMatchObject([{ deadline: 4_500 }]);
  });
});

describe('decide: cache policies', () => {
  const hit = { outputs: { value: 5 }, metrics: {} };

  it('makes a result anew and keeps it where it is to be refreshed', () => {
    const run = play([[]], () => ({ cache: 'refresh' }));
    expect(issued(run.begin())).toHaveLength(1);
    expect(run.complete(0, 1)).toMatchObject([{ type: 'keep-result' }, { type: 'finish-run' }]);
  });

  it.each([
    [1_500, 'cached'],
    [2_500, 'queued'],
  ])('takes what is young enough only: %d ms of 2000', (age, status) => {
    const run = play([[]], () => ({ cache: 'yes', cacheTtlMs: 2_000 }));
    run.begin();
    run.tell({ type: 'cache.answered', step: 0, reason: 'same', hit, keptAt: 2_000 - age });
    expect(run.statuses()).toEqual([status]);
  });
});
