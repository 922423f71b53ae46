import { withDatabases } from '@millrace/testing';
import { FakeWorker, fakeDescriptor } from '../../testing/fake-worker.js';
import { TestBed } from '../../testing/test-bed.js';

const inner = `
name: inner
params: { value: { type: number, default: 1 } }
steps:
  add: { component: test.add, params: { value: '\${{ params.value }}' } }
  ask: { component: fake.step, inputs: { a: add.value } }
`;
const outer = `
name: outer
params: { value: { type: number, default: 2 } }
steps:
  sub: { pipeline: inner, params: { value: '\${{ params.value * 2 }}' } }
  sum: { component: test.add, inputs: { a: sub.add__value, b: sub.ask__value } }
`;

withDatabases((database) => {
  describe('steps that run other pipelines', () => {
    let bed: TestBed;
    let fake: FakeWorker;
    beforeAll(async () => {
      bed = await TestBed.start(database);
      fake = new FakeWorker(bed.client, fakeDescriptor);
      await fake.start();
      await bed.submit(inner);
    });
    afterAll(async () => {
      await fake[Symbol.asyncDispose]();
      await bed[Symbol.asyncDispose]();
    });

    it('do what those do, and give what their steps gave', async () => {
      const { run } = await bed.run(outer);
      const task = await fake.taken({ step: 'ask' });
      const parent = await bed.get(run);
      expect(parent.steps).toMatchObject([
        { step: 'sub', component: 'pipeline', status: 'running', child: task.run },
        { step: 'sum', status: 'waiting' },
      ]);
      expect(await bed.get(task.run)).toMatchObject({
        pipeline: 'inner',
        params: { value: 4 },
        parent: { run, step: 'sub' },
      });
      await fake.complete(task, 10);
      const view = await bed.finished(run);
      expect(view).toMatchObject({
        status: 'succeeded',
        steps: [{ outputs: { add__value: 4, ask__value: 10 } }, { outputs: { value: 15 } }],
      });
    });
  });
});
