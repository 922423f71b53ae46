import { issued, play } from '../../testing/play.js';

describe('decide: pause', () => {
  it('begins nothing new, lets what is out end, and goes on with all that became ready', () => {
    const run = play([[], [], [0], [1]]);
    run.begin();
    run.tell({ type: 'pause.asked' });
    expect(run.complete(0, 1)).toEqual([]);
    expect(run.complete(1, 1)).toEqual([]);
    const { state } = run;
    run.tell({ type: 'pause.asked' });
    expect(run.state).toBe(state);
    expect(issued(run.tell({ type: 'unpause.asked' })).map(({ step }) => step)).toEqual(['s2', 's3']);
    expect(run.tell({ type: 'unpause.asked' })).toEqual([]);
  });

  it('holds retries back, and issues those that became due', () => {
    const run = play([[]], () => ({ retry: { attempts: 2, backoffMs: 10 } }));
    run.begin();
    run.fail(0, 1);
    run.tell({ type: 'pause.asked' });
    expect(run.tell({ type: 'retry.due', step: 0, attempt: 1 })).toEqual([]);
    expect(issued(run.tell({ type: 'unpause.asked' }))).toMatchObject([{ attempt: 2, token: 2 }]);
  });

  it('issues again what a lost worker was at, and can be cancelled', () => {
    const run = play([[]]);
    run.begin();
    run.tell({ type: 'pause.asked' });
    expect(issued(run.tell({ type: 'lease.lapsed', step: 0, token: 1 }))).toMatchObject([{ token: 2 }]);
    run.tell({ type: 'cancel.asked' });
    expect(run.state).toMatchObject({ status: 'cancelled', paused: undefined });
  });
});

describe('decide: resume and retry by hand', () => {
  const final = { code: 'data_invalid', retryable: false } as const;

  it('opens what failed and what was skipped, under new tokens, and keeps results', () => {
    const run = play([[], [0], [1], []]);
    run.begin();
    run.complete(0, 1, 'kept');
    run.complete(3, 1);
    run.fail(1, 1, final);
    expect(run.statuses()).toEqual(['succeeded', 'failed', 'skipped', 'succeeded']);
    expect(issued(run.tell({ type: 'resume.asked' }))).toMatchObject([
      { step: 's1', token: 2, attempt: 2, inputs: { from0: 'kept' } },
    ]);
    expect(run.state).toMatchObject({ status: 'running', error: undefined, finishedAt: undefined, open: 2 });
    run.complete(1, 1, 'stale');
    run.complete(1, 2);
    expect(run.complete(2, 1)).toEqual([{ type: 'finish-run', status: 'succeeded' }]);
  });

  it('opens what was cancelled', () => {
    const run = play([[], [0]]);
    run.begin();
    run.tell({ type: 'cancel.asked' });
    expect(issued(run.tell({ type: 'resume.asked' }))).toMatchObject([{ step: 's0', token: 2 }]);
  });

  it('counts attempts anew', () => {
    const run = play([[]], () => ({ retry: { attempts: 2 } }));
    run.begin();
    run.fail(0, 1);
    run.tell({ type: 'retry.due', step: 0, attempt: 1 });
    run.fail(0, 2);
    expect(run.state.status).toBe('failed');
    expect(issued(run.tell({ type: 'resume.asked' }))).toMatchObject([{ attempt: 3 }]);
    expect(run.fail(0, 3)).toMatchObject([{ type: 'schedule-retry', attempt: 3 }]);
  });

  it('leaves a run alone that succeeded or goes on', () => {
    const run = play([[]]);
    run.begin();
    expect(run.tell({ type: 'resume.asked' })).toEqual([]);
    run.complete(0, 1);
    expect(run.tell({ type: 'resume.asked' })).toEqual([]);
    expect(run.state.status).toBe('succeeded');
  });

  it('tries one step again while others go on, and what only it had skipped', () => {
    const run = play([[], [], [0], [0, 1], []]);
    run.begin();
    run.fail(0, 1, final);
    run.fail(1, 1, final);
    expect(issued(run.tell({ type: 'step.retry-asked', step: 0 }))).toMatchObject([{ step: 's0', token: 2 }]);
    expect(run.statuses()).toEqual(['queued', 'failed', 'waiting', 'skipped', 'queued']);
    expect(issued(run.complete(0, 2))).toMatchObject([{ step: 's2' }]);
    expect(run.tell({ type: 'step.retry-asked', step: 3 })).toEqual([]);
    run.complete(2, 1);
    run.complete(4, 1);
    expect(run.state.status).toBe('failed');
    expect(issued(run.tell({ type: 'step.retry-asked', step: 1 }))).toMatchObject([{ step: 's1' }]);
    expect(issued(run.complete(1, 2))).toMatchObject([{ step: 's3' }]);
    expect(run.complete(3, 1)).toEqual([{ type: 'finish-run', status: 'succeeded' }]);
  });
});
