import { runCancel, runPause, runResume, runUnpause, type RunView } from '@millrace/contracts';
import { eventually, withDatabases } from '@millrace/testing';
import { FakeWorker, fakeDescriptor } from '../testing/fake-worker.js';
import { TestBed } from '../testing/test-bed.js';
import { effectsOf } from '../testing/test-components.js';

const conditional = `
name: conditional
params: { rows: { type: integer, default: 1000 } }
steps:
  first: { component: test.add, params: { value: '\${{ params.rows * 2 }}' } }
  large: { component: test.add, inputs: { a: first.value }, when: 'params.rows > 10 && steps.first.outputs.value > 100' }
  after: { component: test.add, inputs: { a: large.value } }
  small: { component: test.add, when: 'steps.large.status == "skipped"' }
`;

const each = `
name: each
params: { numbers: { type: array, default: [1, 2, 3, 4] } }
steps:
  double:
    component: fake.step
    foreach: { items: '\${{ params.numbers }}', as: number, concurrency: 2 }
    params: { value: '\${{ number * 2 }}', index: '\${{ index }}' }
  again:
    component: test.add
    foreach: { items: '\${{ steps.double.outputs.value }}' }
    params: { value: '\${{ item + 1 }}' }
`;

const loop = `
name: loop
steps:
  grow:
    component: test.add
    params: { value: '\${{ previous.value == null ? 1 : previous.value * 2 }}' }
    until: { condition: 'outputs.value >= 8', max: 10 }
  after: { component: test.add, inputs: { a: grow.value } }
`;

const ending = `
name: ending
steps:
  work: { component: fake.step }
onFailure:
  tell: { component: test.add, when: 'run.error.code == "data_invalid" && run.failedStep == "work"' }
finally:
  clean: { component: test.add }
`;

withDatabases((database) => {
  describe('statements', () => {
    let bed: TestBed;
    let fake: FakeWorker;
    beforeAll(async () => {
      bed = await TestBed.start(database);
      fake = new FakeWorker(bed.client, fakeDescriptor);
      await fake.start();
    });
    afterAll(async () => {
      await fake[Symbol.asyncDispose]();
      await bed[Symbol.asyncDispose]();
    });
    const statuses = (view: RunView) =>
      Object.fromEntries(view.steps.map(({ step, status }) => [step, status]));
    const valueOf = (view: RunView, name: string) =>
      view.steps.find(({ step }) => step === name)?.outputs['value'];
    const restart = async () => {
      await bed.orchestrator?.stop();
      await bed.startOrchestrator();
    };

    it('when: runs what its condition says', async () => {
      const large = await bed.run(conditional);
      expect(statuses(await bed.finished(large.run))).toEqual({
        first: 'succeeded',
        large: 'succeeded',
        after: 'succeeded',
        small: 'skipped',
      });
      const small = await bed.run(conditional, { params: { rows: 5 } });
      const view = await bed.finished(small.run);
      expect(view.status).toBe('succeeded');
      expect(statuses(view)).toEqual({
        first: 'succeeded',
        large: 'skipped',
        after: 'skipped',
        small: 'succeeded',
      });
    });

    it('foreach: does a step for every item, some at once, also over a restart, and collects', async () => {
      const { run } = await bed.run(each);
      const tasks = await Promise.all([0, 1].map((i) => fake.taken({ run, step: `double[${i}]` })));
      expect(tasks.map(({ params }) => params)).toEqual([
        { value: 2, index: 0 },
        { value: 4, index: 1 },
      ]);
      expect((await bed.get(run)).steps.map(({ step, status }) => [step, status])).toEqual([
        ['double', 'running'],
        ['again', 'waiting'],
        ['double[0]', 'queued'],
        ['double[1]', 'queued'],
        ['double[2]', 'waiting'],
        ['double[3]', 'waiting'],
      ]);
      await restart();
      for (const i of [1, 0, 3, 2])
        await fake.complete(await fake.taken({ run, step: `double[${i}]` }), 10 * i);
      const view = await bed.finished(run);
      expect(view.status).toBe('succeeded');
      expect(valueOf(view, 'double')).toEqual([0, 10, 20, 30]);
      expect(valueOf(view, 'again')).toEqual([1, 11, 21, 31]);
      const empty = await bed.run(each, { params: { numbers: [] } });
      expect(valueOf(await bed.finished(empty.run), 'again')).toEqual([]);
    });

    it('foreach: a failed instance is done again when the run is resumed, the others are not', async () => {
      const { run } = await bed.run(each, { params: { numbers: [1, 2] } });
      const [first, second] = await Promise.all([0, 1].map((i) => fake.taken({ run, step: `double[${i}]` })));
      if (!first || !second) throw new Error('no tasks');
      await fake.fail(first, { code: 'data_invalid', message: 'no', retryable: false });
      await fake.complete(second, 7);
      expect((await bed.finished(run)).error?.message).toBe("step 'double': 'double[0]': no");
      await bed.call(runResume, { run });
      await fake.complete(await fake.taken({ run, step: 'double[0]', token: 2 }), 5);
      expect(valueOf(await bed.finished(run), 'double')).toEqual([5, 7]);
    });

    it('until: goes on from what it gave before until that is enough', async () => {
      const { run } = await bed.run(loop);
      const view = await bed.finished(run);
      expect(view.status).toBe('succeeded');
      expect(valueOf(view, 'grow')).toBe(8);
      expect(valueOf(view, 'after')).toBe(9);
      expect(effectsOf(run).map(({ step }) => step)).toEqual([
        'grow#1',
        'grow#2',
        'grow#3',
        'grow#4',
        'after',
      ]);
      const never = await bed.run(loop.replace('>= 8', '< 0').replace('max: 10', 'max: 2'));
      expect(await bed.finished(never.run)).toMatchObject({
        status: 'failed',
        error: { code: 'gate_failed' },
      });
    });

    it('onFailure and finally: run at the end of a failure, of a success, of a cancellation', async () => {
      const failed = await bed.run(ending);
      const error = { code: 'data_invalid', message: 'no', retryable: false } as const;
      await fake.fail(await fake.taken({ run: failed.run }), error);
      const view = await bed.finished(failed.run);
      expect(view).toMatchObject({ status: 'failed', error: { code: 'data_invalid' } });
      expect(statuses(view)).toEqual({ work: 'failed', tell: 'succeeded', clean: 'succeeded' });
      expect(effectsOf(failed.run).map(({ step }) => step)).toEqual(['tell', 'clean']);

      const succeeded = await bed.run(ending);
      await fake.complete(await fake.taken({ run: succeeded.run }), 1);
      expect(statuses(await bed.finished(succeeded.run))).toEqual({
        work: 'succeeded',
        tell: 'skipped',
        clean: 'succeeded',
      });

      const cancelled = await bed.run(ending);
      await fake.taken({ run: cancelled.run });
      await bed.call(runCancel, { run: cancelled.run });
      const end = await bed.finished(cancelled.run);
      expect(end.status).toBe('cancelled');
      expect(statuses(end)).toEqual({ work: 'cancelled', tell: 'cancelled', clean: 'succeeded' });
    });

    it('finally: waits with the run for the end of a pause', async () => {
      const { run } = await bed.run(ending);
      const task = await fake.taken({ run });
      await bed.call(runPause, { run });
      await fake.complete(task, 1);
      await eventually(async () => statuses(await bed.get(run))['work'] === 'succeeded');
      await restart();
      await bed.call(runUnpause, { run });
      expect(await bed.finished(run)).toMatchObject({ status: 'succeeded' });
    });
  });
});
