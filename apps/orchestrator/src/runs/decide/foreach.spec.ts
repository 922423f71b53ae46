import { compileCel } from '@millrace/pipeline/cel';
import { issued, play } from '../../testing/play.js';

const each = (items: unknown, concurrency = 100) => ({
  foreach: { items: items as never, as: 'city', concurrency },
  params: { name: '${{ city }}', n: '${{ index + 1 }}' },
});
const final = { code: 'data_invalid', retryable: false } as const;

describe('decide: foreach', () => {
  it('is done once for every item, and gives lists in order of the items', () => {
    const run = play([[], [0]], (step) => (step === 0 ? each(['a', 'b']) : {}));
    expect(issued(run.begin())).toMatchObject([
      { step: 's0[0]', token: 1, params: { name: 'a', n: 1 }, idempotencyKey: 'r/s0[0]' },
      { step: 's0[1]', token: 1, params: { name: 'b', n: 2 } },
    ]);
    expect(run.statuses()).toEqual(['running', 'waiting', 'queued', 'queued']);
    run.complete(3, 1, 'B');
    expect(issued(run.complete(2, 1, 'A'))).toMatchObject([{ step: 's1', inputs: { from0: ['A', 'B'] } }]);
    expect(run.complete(1, 1)).toEqual([{ type: 'finish-run', status: 'succeeded' }]);
  });

  it('takes its items from an expression', () => {
    const run = play([[], [0]], (step) => (step === 1 ? each('${{ steps.s0.outputs.value }}') : {}));
    run.begin();
    expect(issued(run.complete(0, 1, ['x', 'y', 'z'])).map(({ step }) => step)).toEqual([
      's1[0]',
      's1[1]',
      's1[2]',
    ]);
  });

  it('of nothing gives nothing, at once', () => {
    const run = play([[]], () => each([]));
    run.begin();
    expect(run.state).toMatchObject({ status: 'succeeded', steps: [{ outputs: { value: [] } }] });
  });

  it.each([
    ['no list', 'x', /no list/],
    ['too many', Array.from({ length: 10_001 }, () => 0), /10001 items, more than 10000/],
    ['what is not there', '${{ steps.s0.outputs.none }}', /gave no 'none'/],
  ])('fails with %s as items', (_, items, message) => {
    const run = play([[]], () => each(items));
    run.begin();
    expect(run.state.error?.message).toMatch(message);
  });

  it('runs no more than so many at once, in order', () => {
    const run = play([[]], () => each([1, 2, 3, 4], 2));
    expect(issued(run.begin()).map(({ step }) => step)).toEqual(['s0[0]', 's0[1]']);
    expect(issued(run.complete(2, 1)).map(({ step }) => step)).toEqual(['s0[2]']);
    expect(issued(run.complete(1, 1)).map(({ step }) => step)).toEqual(['s0[3]']);
  });

  it('begins as many as it may after a pause', () => {
    const run = play([[]], () => each([1, 2, 3, 4], 2));
    run.begin();
    run.tell({ type: 'pause.asked' });
    run.complete(1, 1);
    run.complete(2, 1);
    expect(issued(run.tell({ type: 'unpause.asked' })).map(({ step }) => step)).toEqual(['s0[2]', 's0[3]']);
  });

  it('fails when an instance does, after all others are done; resumed, only that one is done again', () => {
    const run = play([[], [0]], (step) => (step === 0 ? each(['a', 'b', 'c']) : {}));
    run.begin();
    run.fail(3, 1, final);
    expect(run.statuses()[0]).toBe('running');
    run.complete(2, 1, 'A');
    run.complete(4, 1, 'C');
    expect(run.state).toMatchObject({ status: 'failed', error: { message: "step 's0': 's0[1]': no" } });
    expect(issued(run.tell({ type: 'resume.asked' }))).toMatchObject([{ step: 's0[1]', token: 2 }]);
    expect(issued(run.complete(3, 2, 'B'))).toMatchObject([{ inputs: { from0: ['A', 'B', 'C'] } }]);
  });

  it('tries one instance again by hand', () => {
    const run = play([[]], () => each(['a', 'b']));
    run.begin();
    run.fail(1, 1, final);
    run.fail(2, 1, final);
    expect(issued(run.tell({ type: 'step.retry-asked', step: 2 }))).toMatchObject([{ step: 's0[1]' }]);
    run.complete(2, 2);
    expect(run.state.status).toBe('failed');
    expect(issued(run.tell({ type: 'step.retry-asked', step: 0 }))).toMatchObject([{ step: 's0[0]' }]);
    run.complete(1, 2);
    expect(run.state.status).toBe('succeeded');
  });

  it('is cancelled with all that is out, and nothing else', () => {
    const run = play([[]], () => each([1, 2, 3], 2));
    run.begin();
    expect(run.tell({ type: 'cancel.asked' })).toEqual([
      { type: 'cancel-task', step: 1, token: 1 },
      { type: 'cancel-task', step: 2, token: 1 },
      { type: 'finish-run', status: 'cancelled' },
    ]);
  });

  it('does not take a completion for itself', () => {
    const run = play([[]], () => each([1]));
    run.begin();
    const { state } = run;
    run.complete(0, 0);
    run.tell({ type: 'lease.lapsed', step: 0, token: 0 });
    expect(run.state).toBe(state);
  });

  it('is skipped as a whole', () => {
    const run = play([[]], () => ({ ...each([1, 2]), when: compileCel('false') }));
    expect(run.begin()).toEqual([{ type: 'finish-run', status: 'succeeded' }]);
  });
});
