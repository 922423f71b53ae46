import { runCancel, streamName, streams, taskBegin, type RunView } from '@millrace/contracts';
import { eventually, withDatabases } from '@millrace/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { FakeWorker, fakeDescriptor } from '../testing/fake-worker.js';
import { TestBed } from '../testing/test-bed.js';
import { effectsOf } from '../testing/test-components.js';

/** Times short enough for a test. */
const impatient = { LEASE_MS: '700', QUEUE_CHECK_MS: '400', TIMEOUT_GRACE_MS: '100', RECONCILE_MS: '50' };

const one = (name: string, more = '') => `name: ${name}\nsteps: { it: { component: fake.step${more} } }`;

withDatabases((database) => {
  describe('recovery', () => {
    let bed: TestBed;
    let fake: FakeWorker;
    beforeAll(async () => {
      bed = await TestBed.start(database, impatient);
      fake = new FakeWorker(bed.client, fakeDescriptor);
      await fake.start();
    });
    afterAll(async () => {
      await fake[Symbol.asyncDispose]();
      await bed[Symbol.asyncDispose]();
    });

    it('gives the step of a silent worker to another, and does not believe the first one any more', async () => {
      const { run } = await bed.run(one('silent'));
      const first = await fake.taken({ run, token: 1 });
      fake.beat(first);
      const second = await fake.taken({ run, token: 2 });
      expect(second).toMatchObject({ attempt: 1, idempotencyKey: first.idempotencyKey });
      expect(fake.cancelled).toContainEqual({ run, step: 'it', token: 1 });
      fake.beat(second);
      await fake.complete(first, 'stale', 'late-worker');
      fake.beat(second);
      await fake.complete(second, 'right');
      const view = await bed.finished(run);
      expect(view.steps).toMatchObject([
        { status: 'succeeded', outputs: { value: 'right' }, worker: 'fake', attempt: 1 },
      ]);
      await fake.complete(second, 'again', 'another-worker');
      await fake.complete({ ...second, token: 3 }, 'invented');
      await bed.settled();
      expect((await bed.get(run)).steps).toEqual(view.steps);
    });

    it('notes who begins before it answers, and refuses who is late', async () => {
      const { run } = await bed.run(one('noted'));
      const first = await fake.taken({ run, token: 1 });
      const begin = (token: number) =>
        bed.call(taskBegin, { run, step: 'it', token, worker: `fake-${token}`, probe: 'p' });
      await begin(1);
      const [step] = (await bed.get(run)).steps;
      expect(step).toMatchObject({ status: 'running', worker: 'fake-1' });
      // Nobody answers under its probe.
      const second = await fake.taken({ run, token: 2 });
      await expect(begin(1)).rejects.toMatchObject({ code: 'conflict', retryable: false });
      await begin(2);
      await fake.complete(second, 1);
      await bed.finished(run);
      await expect(begin(2)).rejects.toMatchObject({ code: 'conflict' });
      await expect(
        bed.call(taskBegin, { run: first.run, step: 'it', token: 1, worker: 'w', probe: 'a b' }),
      ).rejects.toMatchObject({ code: 'invalid_request', details: { fields: [{ field: 'probe' }] } });
      const rows = await bed.database((query) =>
        query<{ crashes: number }>(`SELECT crashes FROM step WHERE run = '${run}'`),
      );
      expect(rows).toEqual([{ crashes: 1 }]);
    });

    it('takes an attempt away from a lively worker that does not end it in time', async () => {
      const { run } = await bed.run(one('deaf', ', timeoutMs: 300'));
      const task = await fake.taken({ run, token: 1 });
      const beating = setInterval(() => fake.beat(task), 50);
      const view = await bed.finished(run);
      expect(view.error).toMatchObject({
        code: 'deadline_exceeded',
        message: "step 'it': not done within 300 ms",
      });
      // It goes on all the same, and is told again.
      fake.cancelled.length = 0;
      await eventually(() => fake.cancelled.some((told) => told.run === run && told.token === 1));
      clearInterval(beating);
    });

    it('tells a worker that begins a task of a cancelled run', async () => {
      const { run } = await bed.run(one('gone'));
      const task = await fake.taken({ run });
      await bed.call(runCancel, { run });
      fake.cancelled.length = 0;
      fake.beat(task);
      await eventually(() => fake.cancelled.some((told) => told.run === run));
    });

    it('publishes again what is lost from a queue, and nothing else', async () => {
      await using absent = new FakeWorker(bed.client, { ...fakeDescriptor, name: 'fake.absent' });
      await using slow = new FakeWorker(bed.client, { ...fakeDescriptor, name: 'fake.slow' });
      absent.announce();
      slow.announce();
      const pipeline = (component: string) => one('queued', '').replace('fake.step', component);
      const { run: lost } = await bed.run(pipeline('fake.absent'));
      const { run: kept } = await bed.run(pipeline('fake.slow'));
      const manager = await jetstreamManager(bed.client.nc);
      const stream = streamName(bed.client.subjects.prefix, streams.work);
      const subject = (component: string) => bed.client.subjects.work(component);
      const queued = async (component: string): Promise<number> => {
        const { state } = await manager.streams.info(stream, { subjects_filter: subject(component) });
        return state.subjects?.[subject(component)] ?? 0;
      };
      for (let round = 0; round < 3; round++) {
        await eventually(async () => (await queued('fake.absent')) === 1);
        await manager.streams.purge(stream, { filter: subject('fake.absent') });
      }
      await absent.start();
      const task = await absent.taken({ run: lost, token: 1 });
      await absent.complete(task, 'found');
      expect((await bed.finished(lost)).steps[0]?.outputs).toEqual({ value: 'found' });
      expect(await queued('fake.slow')).toBe(1);
      await bed.call(runCancel, { run: kept });
    });

    it('keeps the delay of a retry over a restart', async () => {
      const { run } = await bed.run(
        'name: later\nsteps: { fail: { component: test.fail, retry: { attempts: 2, backoffMs: 1200 } } }',
      );
      await eventually(async () => (await bed.get(run)).steps[0]?.error !== undefined);
      await bed.orchestrator?.stop();
      await bed.startOrchestrator();
      expect(await bed.finished(run)).toMatchObject({ status: 'succeeded', steps: [{ attempt: 2 }] });
      const [first, second] = effectsOf(run, 'begun').map(({ at }) => at);
      expect((second ?? 0) - (first ?? Infinity)).toBeGreaterThanOrEqual(600);
    });

    it('survives the loss of all of JetStream in the middle of runs', async () => {
      const pipeline = `name: wiped\nsteps:\n${[1, 2, 3, 4, 5, 6]
        .map(
          (i) =>
            `  s${i}: { component: test.wait, params: { ms: 60 }${i === 1 ? '' : `, inputs: { a: s${i - 1}.value }`} }`,
        )
        .join('\n')}`;
      const runs = [await bed.run(pipeline), await bed.run(pipeline), await bed.run(pipeline)];
      const done = (view: RunView) => view.steps.filter(({ status }) => status === 'succeeded').length;
      for (const atLeast of [1, 3]) {
        await eventually(async () => done(await bed.get(runs[0]?.run ?? '')) >= atLeast);
        await bed.nats.wipeJetStream();
      }
      for (const { run } of runs) {
        const view = await bed.finished(run);
        expect(view).toMatchObject({
          status: 'succeeded',
          steps: Array.from({ length: 6 }, () => ({ attempt: 1 })),
        });
      }
      expect(await bed.pendingOutbox()).toBe(0);
    });
  });
});
