import { runCancel, runStart } from '@millrace/contracts';
import { eventually, withDatabases } from '@millrace/testing';
import { FakeWorker, fakeDescriptor } from '../testing/fake-worker.js';
import { TestBed } from '../testing/test-bed.js';

const pipeline = 'name: narrow\nconcurrency: 2\nsteps: { it: { component: fake.step } }';

withDatabases((database) => {
  describe('runs of a pipeline at once', () => {
    let bed: TestBed;
    let fake: FakeWorker;
    beforeAll(async () => {
      bed = await TestBed.start(database, { RECONCILE_MS: '100' });
      fake = new FakeWorker(bed.client, fakeDescriptor);
      await fake.start();
    });
    afterAll(async () => {
      await fake[Symbol.asyncDispose]();
      await bed[Symbol.asyncDispose]();
    });

    it('are as many as it says, oldest first, also over a restart; more are kept', async () => {
      await bed.submit(pipeline);
      const runs: string[] = [];
      for (let i = 0; i < 5; i++) runs.push((await bed.call(runStart, { pipeline: 'narrow' })).run);
      const statuses = () => Promise.all(runs.map(async (run) => (await bed.get(run)).status));
      expect(await statuses()).toEqual(['running', 'running', 'pending', 'pending', 'pending']);
      const [first = '', second = '', third = '', fourth = '', fifth = ''] = runs;
      await fake.complete(await fake.taken({ run: second }), 1);
      await eventually(async () => (await statuses())[2] === 'running');
      expect(await statuses()).toEqual(['running', 'succeeded', 'running', 'pending', 'pending']);
      await bed.orchestrator?.stop();
      await bed.startOrchestrator();
      expect(await bed.call(runCancel, { run: fourth })).toMatchObject({ status: 'cancelled' });
      for (const run of [first, third, fifth]) await fake.complete(await fake.taken({ run }), 1);
      expect((await bed.finished(fifth)).status).toBe('succeeded');
    });

    it('begin by priority, then oldest first', async () => {
      await bed.submit(`${pipeline.replace('narrow', 'ranked')}\npriority: 4`);
      const runs: string[] = [];
      for (const priority of [0, 0, 3, undefined, 9])
        runs.push(
          (await bed.call(runStart, { pipeline: 'ranked', ...(priority === undefined ? {} : { priority }) }))
            .run,
        );
      const [first = '', second = '', third = '', usual = '', urgent = ''] = runs;
      expect(await bed.get(usual)).toMatchObject({ priority: 4, status: 'pending' });
      for (const run of [first, second, urgent, usual, third])
        await fake.complete(await fake.taken({ run }), 1);
      await bed.finished(third);
      const order = fake.tasks.map(({ run }) => run).filter((run) => runs.includes(run));
      expect(order).toEqual([first, second, urgent, usual, third]);
    });

    it('are not more when many start together', async () => {
      await bed.submit(pipeline.replace('narrow', 'rushed'));
      const started = await Promise.all(
        Array.from({ length: 6 }, () => bed.call(runStart, { pipeline: 'rushed' })),
      );
      const views = await Promise.all(started.map(({ run }) => bed.get(run)));
      expect(views.filter(({ status }) => status === 'running')).toHaveLength(2);
      for (const { run } of views) await bed.call(runCancel, { run });
    });
  });
});
