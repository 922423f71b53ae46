import { runPause, runResume, runUnpause, stepRetry, type DomainError } from '@millrace/contracts';
import { eventually, withDatabases } from '@millrace/testing';
import { FakeWorker, fakeDescriptor } from '../testing/fake-worker.js';
import { TestBed } from '../testing/test-bed.js';
import { effectsOf } from '../testing/test-components.js';

const chain = `
name: steered
steps:
  first: { component: test.add }
  middle: { component: fake.step, inputs: { a: first.value } }
  last: { component: test.add, inputs: { a: middle.value } }
`;

withDatabases((database) => {
  describe('steering runs', () => {
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
    const statuses = async (run: string) => (await bed.get(run)).steps.map(({ status }) => status);

    it('pauses, also over a restart, and goes on', async () => {
      const { run } = await bed.run(chain);
      const task = await fake.taken({ run });
      expect(await bed.call(runPause, { run })).toMatchObject({ status: 'running', paused: true });
      await fake.complete(task, 5);
      await eventually(async () => (await statuses(run))[1] === 'succeeded');
      await bed.orchestrator?.stop();
      await bed.startOrchestrator();
      expect(await bed.get(run)).toMatchObject({ paused: true });
      expect(await statuses(run)).toEqual(['succeeded', 'succeeded', 'waiting']);
      expect((await bed.call(runUnpause, { run })).paused).toBeUndefined();
      expect(await bed.finished(run)).toMatchObject({
        status: 'succeeded',
        steps: [{}, {}, { outputs: { value: 6 } }],
      });
    });

    it('resumes from the step that failed, and does nothing twice', async () => {
      const { run } = await bed.run(chain);
      await fake.fail(await fake.taken({ run }), { code: 'data_invalid', message: 'no', retryable: false });
      expect(await bed.finished(run)).toMatchObject({ status: 'failed' });
      const resumed = await bed.call(runResume, { run });
      expect(resumed).toMatchObject({ status: 'running', steps: [{ status: 'succeeded' }, {}, {}] });
      expect(resumed.error).toBeUndefined();
      await fake.complete(await fake.taken({ run, token: 2 }), 5);
      expect(await bed.finished(run)).toMatchObject({ status: 'succeeded' });
      expect(effectsOf(run).map(({ step }) => step)).toEqual(['first', 'last']);
      const refused = await bed.call(runResume, { run }).catch((error: unknown) => error as DomainError);
      expect(refused).toMatchObject({
        code: 'conflict',
        message: `run '${run}' cannot be resumed: the run is succeeded`,
      });
    });

    it('tries one step again', async () => {
      const { run } = await bed.run(chain);
      await fake.fail(await fake.taken({ run }), { code: 'data_invalid', message: 'no', retryable: false });
      await bed.finished(run);
      await bed.call(stepRetry, { run, step: 'middle' });
      await fake.complete(await fake.taken({ run, token: 2 }), 5);
      expect(await bed.finished(run)).toMatchObject({ status: 'succeeded' });
      for (const [step, code] of [
        ['first', 'conflict'],
        ['nobody', 'not_found'],
      ] as const)
        await expect(bed.call(stepRetry, { run, step })).rejects.toMatchObject({ code });
    });
  });
});
