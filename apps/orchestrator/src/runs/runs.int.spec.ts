import { componentList, pipelineList, runCancel, runList, runLog } from '@millrace/contracts';
import { eventually, withDatabases } from '@millrace/testing';
import { TestBed } from '../testing/test-bed.js';
import { effectsOf } from '../testing/test-components.js';

const diamond = `
name: diamond
params: { start: { type: number, default: 1 } }
steps:
  first: { component: test.add, params: { value: '\${{ params.start }}' } }
  left: { component: test.add, inputs: { a: first.value }, params: { value: 10 } }
  right: { component: test.add, inputs: { a: first.value }, params: { value: 100 } }
  last:
    component: test.add
    inputs: { a: left.value, b: right.value }
    params: { value: '\${{ steps.first.outputs.value }}' }
`;

withDatabases((database) => {
  describe('runs', () => {
    let bed: TestBed;
    beforeAll(async () => void (bed = await TestBed.start(database)));
    afterAll(() => bed[Symbol.asyncDispose]());

    it('drives a diamond to its end, data along its edges, each effect once', async () => {
      const { run } = await bed.run(diamond, { params: { start: 5 } });
      const view = await bed.finished(run);
      expect(view).toMatchObject({
        status: 'succeeded',
        pipeline: 'diamond',
        pipelineVersion: 1,
        params: { start: 5 },
      });
      expect(view.steps.map(({ step, status, outputs }) => [step, status, outputs['value']])).toEqual([
        ['first', 'succeeded', 5],
        ['left', 'succeeded', 15],
        ['right', 'succeeded', 105],
        ['last', 'succeeded', 125],
      ]);
      expect(view.steps[0]).toMatchObject({
        attempt: 1,
        metrics: { value: 5 },
        worker: expect.any(String),
        queuedAt: expect.any(String),
        startedAt: expect.any(String),
        finishedAt: expect.any(String),
      });
      expect(
        effectsOf(run)
          .map(({ step }) => step)
          .sort(),
      ).toEqual(['first', 'last', 'left', 'right']);
    });
  });
});
void [componentList, pipelineList, runCancel, runList, runLog, eventually];
