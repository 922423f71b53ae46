import { runCancel, runPause, runResume, runUnpause } from '@millrace/contracts';
import { startService } from '@millrace/service';
import { eventually, withDatabases } from '@millrace/testing';
import { orchestratorService } from '../../service.js';
import { FakeWorker, fakeDescriptor } from '../../testing/fake-worker.js';
import { expectWhole, family, leftOver } from '../../testing/families.js';
import { diesAfter, forgetful } from '../../testing/mortal.js';
import { TestBed } from '../../testing/test-bed.js';
import { effectsOf } from '../../testing/test-components.js';

const impatient = { RECONCILE_MS: '20' };

const asking =
  'name: asking\nsteps: { ask: { component: fake.step } }\nfinally: { clean: { component: test.add } }';
const above = 'name: above\nsteps: { sub: { pipeline: asking } }\nfinally: { tidy: { component: test.add } }';
const no = { code: 'data_invalid', message: 'no', retryable: false } as const;

describe('an orchestrator that is gone', () => {
  it('after any of its commits leaves runs of runs that go on, each of them once', async () => {
    await using bed = await TestBed.start(undefined, impatient);
    for (const yaml of family) await bed.submit(yaml);
    // What workers did comes from the cache from here on, so that nothing has to be waited for.
    await expectWhole(bed, (await bed.run(family[2] ?? '')).run);
    let died = true;
    let commits = 0;
    for (; died; commits++) {
      const { children } = await leftOver(bed);
      const { run } = await bed.run(family[2] ?? '');
      const orchestrator = bed.orchestrator!;
      const lived = bed.finished(run).then(() => false);
      died = await Promise.race([diesAfter(orchestrator, commits), lived]);
      if (died) {
        await orchestrator.stop();
        await bed.startOrchestrator();
      }
      await expectWhole(bed, run);
      await eventually(async () => (await leftOver(bed)).messages === 0);
      expect(await leftOver(bed)).toEqual({ children: children + 4, messages: 0 });
    }
    expect(commits).toBeGreaterThan(5);
  }, 60_000);
});

withDatabases((database) => {
  describe('what nobody did at once is found by the reconciler', () => {
    let bed: TestBed;
    let fake: FakeWorker;
    beforeAll(async () => {
      bed = await TestBed.start(database, impatient);
      fake = new FakeWorker(bed.client, fakeDescriptor);
      await fake.start();
      for (const yaml of [...family, asking, above]) await bed.submit(yaml);
      forgetful(bed.orchestrator!);
    });
    afterAll(async () => {
      await fake[Symbol.asyncDispose]();
      await bed[Symbol.asyncDispose]();
    });
    const begin = async () => {
      const { run } = await bed.run(above);
      const child = (await bed.get(run)).steps[0]?.child ?? '';
      return { run, child, task: await fake.taken({ run: child }) };
    };

    it('runs that begin, and that end', async () => {
      await expectWhole(bed, (await bed.run(family[2] ?? '')).run);
    });

    it('a cancellation, and what runs in any case, from the inside out', async () => {
      const { run, child } = await begin();
      await bed.call(runCancel, { run });
      expect(await bed.finished(run)).toMatchObject({
        status: 'cancelled',
        steps: [{ step: 'sub', status: 'cancelled' }, { status: 'succeeded' }],
      });
      expect(await bed.get(child)).toMatchObject({
        status: 'cancelled',
        steps: [{ status: 'cancelled' }, { status: 'succeeded' }],
      });
      const [clean] = effectsOf(child);
      const [tidy] = effectsOf(run);
      expect(clean?.at).toBeLessThan(tidy?.at ?? 0);
    });

    it('a pause and its end', async () => {
      const { run, child, task } = await begin();
      await bed.call(runPause, { run });
      await eventually(async () => (await bed.get(child)).paused);
      await fake.complete(task, 1);
      await bed.call(runUnpause, { run });
      expect(await bed.finished(run)).toMatchObject({ status: 'succeeded' });
    });

    it('a failure, and that it goes on from there', async () => {
      const { run, child, task } = await begin();
      await fake.fail(task, no);
      expect(await bed.finished(run)).toMatchObject({ status: 'failed', error: { details: { run: child } } });
      await bed.call(runResume, { run });
      await fake.complete(await fake.taken({ run: child, token: 2 }), 1);
      expect(await bed.finished(run)).toMatchObject({
        status: 'succeeded',
        steps: [{ child, attempt: 2, outputs: { ask__value: 1 } }, {}],
      });
    });
  });

  // SQLite is for one process.
  if (database.kind === 'sqlite') return;

  it('two orchestrators share runs of runs, and one carries on alone', async () => {
    await using bed = await TestBed.start(database, impatient);
    const second = await startService(orchestratorService, { env: bed.env, logger: bed.logger });
    for (const yaml of family) await bed.submit(yaml);
    const runs = await Promise.all(Array.from({ length: 6 }, () => bed.run(family[2] ?? '')));
    await eventually(async () => (await bed.get(runs[1]?.run ?? '')).finishedAt);
    await second.stop();
    for (const { run } of runs) await expectWhole(bed, run);
    expect(await leftOver(bed)).toEqual({ children: 24, messages: 0 });
  }, 60_000);
});
