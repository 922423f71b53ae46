import { compileCel } from '@millrace/pipeline/cel';
import { issued, play } from '../../testing/play.js';

const loop = (condition: string, max = 5) => ({
  until: { condition: compileCel(condition), max },
  params: { before: '${{ previous.value }}', n: '${{ index }}' },
});

describe('decide: until', () => {
  it('is done again with what came before, until the condition holds, and gives the last outputs', () => {
    const run = play([[], [0]], (step) => (step === 0 ? loop('outputs.value < 10') : {}));
    expect(issued(run.begin())).toMatchObject([{ step: 's0#1', params: { before: null, n: 1 } }]);
    expect(issued(run.complete(2, 1, 30))).toMatchObject([{ step: 's0#2', params: { before: 30, n: 2 } }]);
    expect(issued(run.complete(3, 1, 20))).toMatchObject([{ step: 's0#3', params: { before: 20, n: 3 } }]);
    expect(issued(run.complete(4, 1, 5))).toMatchObject([{ step: 's1', inputs: { from0: 5 } }]);
  });

  it('fails when it has not come to its end after so many iterations', () => {
    const run = play([[]], () => loop('index > 9', 2));
    run.begin();
    run.complete(1, 1);
    run.complete(2, 1);
    expect(run.state.error).toMatchObject({
      code: 'gate_failed',
      message: "step 's0': 'index > 9' does not hold after 2 iterations",
    });
  });

  it('fails with its iteration, and goes on from there when resumed', () => {
    const run = play([[]], () => loop('index == 2'));
    run.begin();
    run.complete(1, 1, 'x');
    run.fail(2, 1, { code: 'data_invalid', retryable: false });
    expect(run.state.status).toBe('failed');
    expect(issued(run.tell({ type: 'resume.asked' }))).toMatchObject([
      { step: 's0#2', token: 2, params: { before: 'x' } },
    ]);
    run.complete(2, 2);
    expect(run.state.status).toBe('succeeded');
  });

  it('fails where the condition has no answer', () => {
    const run = play([[]], () => loop('outputs.none > 1'));
    run.begin();
    run.complete(1, 1);
    expect(run.state.error).toMatchObject({ code: 'invalid_request' });
  });

  it('goes on after a pause', () => {
    const run = play([[]], () => loop('index == 2'));
    run.begin();
    run.tell({ type: 'pause.asked' });
    expect(issued(run.complete(1, 1))).toEqual([]);
    expect(issued(run.tell({ type: 'unpause.asked' }))).toMatchObject([{ step: 's0#2' }]);
  });
});
