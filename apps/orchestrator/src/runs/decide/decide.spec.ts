import { issued, play } from '../../testing/play.js';
import { maxLapses } from './policy.js';
import { taskHeadersOf } from './task-of.js';

describe('decide: a run', () => {
  it('issues what needs nothing, then what becomes ready, with what came before as its input', () => {
    const run = play([[], [], [0, 1]]);
    expect(issued(run.begin()).map(({ step, token, attempt }) => ({ step, token, attempt }))).toEqual([
      { step: 's0', token: 1, attempt: 1 },
      { step: 's1', token: 1, attempt: 1 },
    ]);
    expect(run.complete(0, 1, 'a')).toEqual([]);
    expect(issued(run.complete(1, 1, 'b'))).toMatchObject([
      { step: 's2', inputs: { from0: 'a', from1: 'b' }, idempotencyKey: 'r/s2', timeoutMs: 1_000 },
    ]);
    expect(run.complete(2, 1)).toEqual([{ type: 'finish-run', status: 'succeeded' }]);
    expect(run.state).toMatchObject({ status: 'succeeded', finishedAt: 4_000, open: 0 });
  });

  it('resolves expressions when the values are there', () => {
    const run = play(
      [[], [0]],
      (step) =>
        step === 1
          ? { inputs: [], params: { n: '${{ params.n }}', text: '<${{ steps.s0.outputs.value }}>' } }
          : {},
      { params: { n: 7 } },
    );
    run.begin();
    expect(issued(run.complete(0, 1, { k: 1 }))).toMatchObject([{ params: { n: 7, text: '<{"k":1}>' } }]);
  });

  it('fails a step whose optional source gave nothing where something is needed', () => {
    const run = play([[], [0]], (step) =>
      step === 0 ? { outputs: { value: { type: 'value', optional: true } } } : {},
    );
    run.begin();
    run.tell({
      type: 'task.completed',
      step: 0,
      token: 1,
      worker: 'w',
      durationMs: 1,
      result: { status: 'succeeded', outputs: {} },
    });
    expect(run.state).toMatchObject({
      status: 'failed',
      error: { code: 'invalid_request', message: "step 's1': step 's0' gave no 'value' for input 'from0'" },
    });
  });

  it('fails a step whose params and inputs no message could carry', () => {
    const run = play([[], [0]]);
    run.begin();
    run.complete(0, 1, 'x'.repeat(1_000_000));
    expect(run.state.error).toMatchObject({ code: 'payload_too_large', retryable: false });
  });

  it('fails when a step does, skips what waited for it, and lets the rest come to its end', () => {
    const run = play([[], [], [0], [2], [1]]);
    run.begin();
    run.fail(0, 1, { code: 'data_invalid', retryable: false, message: '3 rows' });
    expect(run.statuses()).toEqual(['failed', 'queued', 'skipped', 'skipped', 'waiting']);
    run.complete(1, 1);
    expect(run.complete(4, 1)).toEqual([{ type: 'finish-run', status: 'failed' }]);
    expect(run.state.error).toEqual({
      code: 'data_invalid',
      message: "step 's0': 3 rows",
      retryable: false,
      details: { step: 's0' },
    });
  });

  it('cancels what is out, and everything else', () => {
    const run = play([[], [0], [1]]);
    run.begin();
    run.complete(0, 1);
    run.tell({ type: 'task.started', step: 1, token: 1, worker: 'w' });
    expect(run.tell({ type: 'cancel.asked' })).toEqual([
      { type: 'cancel-task', step: 1, token: 1 },
      { type: 'finish-run', status: 'cancelled' },
    ]);
    expect(run.statuses()).toEqual(['succeeded', 'cancelled', 'cancelled']);
    const { state } = run;
    expect(run.complete(1, 1)).toEqual([]);
    expect(run.state).toBe(state);
  });
});

describe('decide: tokens', () => {
  it('issues again under a new token when the worker falls silent, as the same attempt', () => {
    const run = play([[]]);
    run.begin();
    run.tell({ type: 'task.started', step: 0, token: 1, worker: 'w1' });
    const commands = run.tell({ type: 'lease.lapsed', step: 0, token: 1 });
    expect(commands[0]).toEqual({ type: 'cancel-task', step: 0, token: 1 });
    expect(issued(commands)).toMatchObject([{ token: 2, attempt: 1 }]);
    const { state } = run;
    run.complete(0, 1, 'late');
    run.tell({ type: 'task.started', step: 0, token: 1, worker: 'w1' });
    run.tell({ type: 'lease.lapsed', step: 0, token: 1 });
    run.tell({ type: 'attempt.timed-out', step: 0, token: 1 });
    expect(run.state).toBe(state);
    run.complete(0, 2, 'right');
    expect(run.state.steps[0]).toMatchObject({ status: 'succeeded', outputs: { value: 'right' } });
  });

  it('gives up on a component that makes its workers disappear', () => {
    const run = play([[]]);
    run.begin();
    for (let token = 1; token <= maxLapses; token++) run.tell({ type: 'lease.lapsed', step: 0, token });
    expect(run.state.status).toBe('running');
    run.tell({ type: 'lease.lapsed', step: 0, token: maxLapses + 1 });
    expect(run.state).toMatchObject({ status: 'failed', error: { code: 'unavailable' } });
  });

  it('gives up sooner, and for ever, on a step whose workers vanish with it', () => {
    const run = play([[]], () => ({ retry: { attempts: 9 } }));
    run.begin();
    const lose = (token: number, worker: string) => {
      run.tell({ type: 'task.started', step: 0, token, worker });
      return run.tell({ type: 'lease.lapsed', step: 0, token, crash: { limit: 3 } });
    };
    expect(issued(lose(1, 'w1'))).toMatchObject([{ token: 2, attempt: 1 }]);
    // Silence is no crash, and makes none undone.
    run.tell({ type: 'lease.lapsed', step: 0, token: 2 });
    expect(run.state.steps[0]).toMatchObject({ crashes: 1, lapses: 2 });
    expect(issued(lose(3, 'w2'))).toMatchObject([{ token: 4, attempt: 1 }]);
    expect(taskHeadersOf(run.state, 0)).toEqual({ 'Millrace-Lapses': '3', 'Millrace-Crashes': '2' });
    expect(issued(lose(4, 'w3'))).toEqual([]);
    expect(run.state.steps[0]).toMatchObject({
      status: 'failed',
      error: {
        code: 'unavailable',
        message: 'killed its worker 3 times; the last one was w3',
        retryable: false,
        details: { crashes: 3 },
      },
    });
  });

  it('counts crashes of one attempt, and anew in the next and in a step that is opened again', () => {
    const run = play([[]], () => ({ retry: { attempts: 2, backoffMs: 0 } }));
    run.begin();
    run.tell({ type: 'lease.lapsed', step: 0, token: 1, crash: { limit: 3 } });
    run.fail(0, 2);
    run.tell({ type: 'retry.due', step: 0, attempt: 1 });
    expect(run.state.steps[0]?.crashes).toBeUndefined();
    expect(taskHeadersOf(run.state, 0)).toEqual({});
    run.tell({ type: 'lease.lapsed', step: 0, token: 3, crash: { limit: 1 } });
    expect(run.state.steps[0]?.error?.message).toBe(
      'killed its worker once; the last one was not known by name',
    );
    run.tell({ type: 'step.retry-asked', step: 0 });
    expect(run.state.steps[0]?.crashes).toBeUndefined();
  });

  it('issues again, as the same attempt, what a stopping worker gives back', () => {
    const run = play([[]]);
    run.begin();
    expect(issued(run.fail(0, 1, { code: 'cancelled', retryable: false }))).toMatchObject([
      { token: 2, attempt: 1 },
    ]);
  });
});

describe('decide: retries', () => {
  it('tries again after a growing delay while the policy lasts, then fails with the last error', () => {
    const run = play([[]], () => ({ retry: { attempts: 3, backoffMs: 1_000 } }));
    run.begin();
    const delays = [1, 2].map((attempt) => {
      const [command] = run.fail(0, attempt, { message: `no ${attempt}` });
      if (command?.type !== 'schedule-retry') throw new Error(`no retry, but ${command?.type}`);
      expect(run.state.steps[0]).toMatchObject({ status: 'waiting', dueAt: expect.any(Number) });
      expect(issued(run.tell({ type: 'retry.due', step: 0, attempt }))).toMatchObject([
        { attempt: attempt + 1, token: attempt + 1 },
      ]);
      expect(run.tell({ type: 'retry.due', step: 0, attempt })).toEqual([]);
      return command.delayMs;
    });
    expect(delays[0]).toBeGreaterThanOrEqual(500);
    expect(delays[0]).toBeLessThanOrEqual(1_000);
    expect(delays[1]).toBeGreaterThanOrEqual(1_000);
    expect(delays[1]).toBeLessThanOrEqual(2_000);
    run.fail(0, 3, { message: 'no 3' });
    expect(run.state).toMatchObject({ status: 'failed', error: { message: "step 's0': no 3" } });
  });

  it.each([
    ['an error that says it is final', { attempts: 3 }, { code: 'data_invalid', retryable: false }],
    ['a failure where no retry is asked for', undefined, { code: 'internal', retryable: true }],
  ] as const)('does not try again after %s', (_, retry, error) => {
    const run = play([[]], () => (retry ? { retry } : {}));
    run.begin();
    run.fail(0, 1, error);
    expect(run.state.status).toBe('failed');
  });

  it('tries again without being asked when a service was away', () => {
    const run = play([[]]);
    run.begin();
    expect(run.fail(0, 1, { code: 'unavailable' })).toMatchObject([{ type: 'schedule-retry', attempt: 1 }]);
  });

  it('takes an attempt beyond its time away from its worker, as a failure that may be tried again', () => {
    const run = play([[]], () => ({ retry: { attempts: 2 } }));
    run.begin();
    run.tell({ type: 'task.started', step: 0, token: 1, worker: 'w' });
    expect(run.tell({ type: 'attempt.timed-out', step: 0, token: 1 })).toMatchObject([
      { type: 'cancel-task', step: 0, token: 1 },
      { type: 'schedule-retry', attempt: 1 },
    ]);
    run.tell({ type: 'retry.due', step: 0, attempt: 1 });
    run.tell({ type: 'attempt.timed-out', step: 0, token: 2 });
    expect(run.state).toMatchObject({ status: 'failed', error: { code: 'deadline_exceeded' } });
  });
});

describe('decide: cache and outputs', () => {
  const cached = () => ({ cache: 'yes' as const });

  it('asks the cache first, and goes on from a hit without a worker', () => {
    const run = play([[], [0]], cached);
    const [asked] = run.begin();
    expect(asked).toMatchObject({ type: 'consult-cache', step: 0 });
    const hit = { outputs: { value: 5 }, metrics: { auc: 1 } };
    expect(run.tell({ type: 'cache.answered', step: 0, reason: 'same', hit })).toMatchObject([
      { type: 'consult-cache', step: 1 },
    ]);
    expect(run.state.steps[0]).toMatchObject({ status: 'cached', outputs: { value: 5 }, attempt: 0 });
    expect(issued(run.tell({ type: 'cache.answered', step: 1, reason: 'never done' }))).toMatchObject([
      { inputs: { from0: 5 } },
    ]);
    expect(run.complete(1, 1, 6)).toMatchObject([
      { type: 'keep-result', key: run.state.steps[1]?.cacheKey, result: { outputs: { value: 6 } } },
      { type: 'finish-run' },
    ]);
  });

  it('does not ask when the run says so, and keeps the result all the same', () => {
    const run = play([[]], cached, { useCache: false });
    expect(issued(run.begin())).toHaveLength(1);
    expect(run.complete(0, 1)).toMatchObject([{ type: 'keep-result' }, { type: 'finish-run' }]);
  });

  it.each([
    ['nothing', {}],
    ['something else', { value: { type: 'model', digest: `sha256:${'0'.repeat(64)}`, size: 1 } }],
    ['a plain value', { value: 1 }],
  ])('refuses %s where a dataset was declared', (_, outputs) => {
    const run = play([[]], () => ({ outputs: { value: { type: 'dataset', optional: false } } }));
    run.begin();
    run.tell({
      type: 'task.completed',
      step: 0,
      token: 1,
      worker: 'w',
      durationMs: 1,
      result: { status: 'succeeded', outputs },
    });
    expect(run.state.error?.message).toBe(
      "step 's0': component 'test.any' finished without a dataset on its output 'value'",
    );
  });

  it('leaves out what a newer component gives beyond what is known of it', () => {
    const run = play([[]]);
    run.begin();
    run.tell({
      type: 'task.completed',
      step: 0,
      token: 1,
      worker: 'w',
      durationMs: 1,
      result: { status: 'succeeded', outputs: { value: 1, news: 2 } },
    });
    expect(run.state.steps[0]?.outputs).toEqual({ value: 1 });
  });
});
