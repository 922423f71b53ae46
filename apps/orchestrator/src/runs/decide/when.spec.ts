import { compileCel } from '@millrace/pipeline/cel';
import { play } from '../../testing/play.js';

const final = { code: 'data_invalid', retryable: false } as const;
const conditions = (texts: Record<number, string>) => (step: number) =>
  texts[step] === undefined ? {} : { when: compileCel(texts[step]) };

describe('decide: when', () => {
  it.each([
    ['params.rows > 10', 'queued'],
    ['params.rows > 100', 'skipped'],
    ['steps.s0.outputs.value.count > 0 && steps.s0.status == "succeeded"', 'queued'],
  ])('%s: %s', (text, status) => {
    const run = play([[], [0]], conditions({ 1: text }), { params: { rows: 50 } });
    run.begin();
    run.complete(0, 1, { count: 1 });
    expect(run.statuses()).toEqual(['succeeded', status]);
  });

  it('skips what waits for a skipped step, unless that has a condition of its own; the run succeeds', () => {
    const run = play([[], [0], [1], [1]], (step) => ({
      ...conditions({ 1: 'false', 3: 'steps.s1.status == "skipped"' })(step),
      ...(step === 3 ? { inputs: [] } : {}),
    }));
    run.begin();
    run.complete(0, 1);
    expect(run.statuses()).toEqual(['succeeded', 'skipped', 'skipped', 'queued']);
    run.complete(3, 1);
    expect(run.state.status).toBe('succeeded');
  });

  it('is skipped where a step gave nothing for what it needs', () => {
    const run = play([[], [0], [1]], conditions({ 1: 'false', 2: 'true' }));
    run.begin();
    run.complete(0, 1);
    expect(run.statuses()).toEqual(['succeeded', 'skipped', 'skipped']);
  });

  it('is the same whatever ends first: a failure, or what is skipped beside it', () => {
    // 0 fails, 2 is skipped after 1, 3 needs both, 4 has a condition and needs 3.
    const ends = (order: number[]) => {
      const run = play([[], [], [1], [0, 2], [3]], (step) => ({
        ...conditions({ 2: 'false', 4: 'true' })(step),
        ...(step === 4 ? { inputs: [] } : {}),
      }));
      run.begin();
      for (const step of order)
        if (step === 0) run.fail(0, 1, final);
        else run.complete(step, 1);
      return run.statuses();
    };
    expect(ends([0, 1])).toEqual(['failed', 'succeeded', 'skipped', 'skipped', 'skipped']);
    expect(ends([1, 0])).toEqual(ends([0, 1]));
  });

  it('does not run after a failure, however far before, that it does not ask about', () => {
    const run = play([[], [0], [1], [0]], (step) => ({
      ...conditions({ 2: 'true', 3: 'steps.s0.status == "failed"' })(step),
      inputs: [],
    }));
    run.begin();
    run.fail(0, 1, final);
    expect(run.statuses()).toEqual(['failed', 'skipped', 'skipped', 'queued']);
  });

  it.each([
    ['steps.s0.outputs.nothing > 1', /^step 's1': when 'steps/],
    ['params.rows', /is neither true nor false$/],
  ])('fails a step whose condition has no answer: %s', (text, message) => {
    const run = play([[], [0]], conditions({ 1: text }), { params: { rows: 50 } });
    run.begin();
    run.complete(0, 1);
    expect(run.state).toMatchObject({
      status: 'failed',
      error: { code: 'invalid_request', message: expect.stringMatching(message) },
    });
  });

  it('asks for nothing in a chain of a thousand skipped steps', () => {
    const run = play(
      Array.from({ length: 1_000 }, (_, i) => (i === 0 ? [] : [i - 1])),
      conditions({ 0: 'false' }),
    );
    expect(run.begin()).toEqual([{ type: 'finish-run', status: 'succeeded' }]);
  });

  it('asks again after a retry by hand', () => {
    const run = play([[], [0]], (step) => ({ ...conditions({ 1: 'steps.s0.outputs.value > 1' })(step) }));
    run.begin();
    run.fail(0, 1, final);
    expect(run.statuses()).toEqual(['failed', 'skipped']);
    run.tell({ type: 'step.retry-asked', step: 0 });
    run.complete(0, 2, 2);
    expect(run.statuses()).toEqual(['succeeded', 'queued']);
  });
});
