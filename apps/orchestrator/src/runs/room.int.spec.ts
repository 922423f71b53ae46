import { runCancel, runLog, runPause, runStart, runUnpause, type RunView } from '@millrace/contracts';
import { WorkQueue } from '@millrace/messaging';
import { eventually, withDatabases } from '@millrace/testing';
import { FakeWorker, fakeDescriptor } from '../testing/fake-worker.js';
import { TestBed } from '../testing/test-bed.js';

const pipeline = (name: string, steps: Record<string, string>) =>
  `name: ${name}\nsteps:\n${Object.entries(steps)
    .map(([step, said]) => `  ${step}: { ${said} }`)
    .join('\n')}`;
const descriptorOf = (name: string) => ({ ...fakeDescriptor, name });

withDatabases((database) => {
  describe('room of a component', () => {
    let bed: TestBed;
    const workers: FakeWorker[] = [];
    const worker = async (name: string): Promise<FakeWorker> => {
      const fake = new FakeWorker(bed.client, descriptorOf(name));
      workers.push(fake);
      await fake.start();
      return fake;
    };
    beforeAll(async () => {
      bed = await TestBed.start(database, {
        RECONCILE_MS: '100',
        COMPONENT_CONCURRENCY: 'fake.narrow=2, fake.unheard=1, fake.timed=1',
        QUEUE_WINDOW: '4',
      });
    });
    afterAll(async () => {
      for (const fake of workers) await fake[Symbol.asyncDispose]();
      await bed[Symbol.asyncDispose]();
    });
    const start = (name: string, priority?: number): Promise<RunView> =>
      bed.call(runStart, { pipeline: name, ...(priority === undefined ? {} : { priority }) });
    const stepOf = async (run: string) => (await bed.get(run)).steps[0];
    const out = async (runs: string[]): Promise<string[]> => {
      const views = await Promise.all(runs.map((run) => bed.get(run)));
      return views.filter(({ steps }) => steps[0]?.status === 'queued').map(({ run }) => run);
    };

    it('is given by priority, then to whoever waits longest, also over a restart', async () => {
      const fake = await worker('fake.narrow');
      await bed.submit(pipeline('narrow', { it: 'component: fake.narrow' }));
      const runs: string[] = [];
      for (const priority of [1, 1, 5, undefined, 9, 0]) runs.push((await start('narrow', priority)).run);
      const [first = '', second = '', third = '', fourth = '', urgent = '', last = ''] = runs;
      expect(await out(runs)).toEqual([first, second]);
      const held = await bed.get(third);
      expect(held).toMatchObject({
        status: 'running',
        priority: 5,
        steps: [{ status: 'waiting', attempt: 0 }],
      });
      expect(Date.parse(held.steps[0]?.heldSince ?? '')).toBeGreaterThanOrEqual(Date.parse(held.createdAt));
      expect((await bed.call(runLog, { run: third })).items.map(({ message }) => message)).toContain(
        "waits for room: as many tasks of 'fake.narrow' are out as may be",
      );

      await fake.complete(await fake.taken({ run: second }), 1);
      await fake.taken({ run: urgent });
      expect(await stepOf(urgent)).not.toHaveProperty('heldSince');
      expect((await out(runs)).sort()).toEqual([first, urgent].sort());
      await bed.orchestrator?.stop();
      await bed.startOrchestrator();
      expect(await bed.call(runCancel, { run: third })).toMatchObject({ status: 'cancelled' });
      await fake.complete(await fake.taken({ run: first }), 1);
      await fake.complete(await fake.taken({ run: urgent }), 1);
      // Both had no say, or the default; the one that came later has less.
      await fake.taken({ run: fourth });
      await fake.taken({ run: last });
      for (const run of [fourth, last]) await fake.complete(await fake.taken({ run }), 1);
      for (const run of [first, second, fourth, urgent, last])
        expect((await bed.finished(run)).status).toBe('succeeded');
      expect(fake.tasks.map(({ run }) => run)).toEqual([first, second, urgent, fourth, last]);
    });

    it('is not needed in the queue: what is held is in no message, and no lost one', async () => {
      bed.client.publish(bed.client.subjects.announce(), {
        service: 'fake',
        descriptors: [descriptorOf('fake.unheard')],
      });
      await eventually(() =>
        bed.submit(pipeline('unheard', { a: 'component: fake.unheard' })).catch(() => undefined),
      );
      const runs = [await start('unheard'), await start('unheard'), await start('unheard')];
      const queue = new WorkQueue(bed.client);
      await eventually(async () => (await queue.count('fake.unheard')) === 1);
      expect(await bed.pendingOutbox()).toBe(0);
      const [{ run = '' } = {}] = runs;
      await bed.call(runCancel, { run });
      await eventually(async () => (await queue.count('fake.unheard')) === 2);
      for (const { run: other } of runs.toReversed()) await bed.call(runCancel, { run: other });
      expect(await bed.pendingOutbox()).toBe(0);
      expect(await queue.count('fake.unheard')).toBe(2);
    });

    it('is not waited for in a pause, nor for longer than a step has time', async () => {
      const fake = await worker('fake.timed');
      await bed.submit(pipeline('timed', { it: 'component: fake.timed' }));
      await bed.submit(
        pipeline('hasty', { it: 'component: fake.timed, stepTimeoutMs: 300, timeoutMs: 300' }),
      );
      const [busy, paused] = [await start('timed'), await start('timed', 9)];
      await bed.call(runPause, { run: paused.run });
      expect(await stepOf(paused.run)).not.toHaveProperty('heldSince');
      const hasty = await start('hasty');
      expect(await bed.finished(hasty.run)).toMatchObject({
        status: 'failed',
        error: { code: 'deadline_exceeded' },
        steps: [{ attempt: 0 }],
      });
      const other = await start('timed', 0);
      await fake.complete(await fake.taken({ run: busy.run }), 1);
      await fake.complete(await fake.taken({ run: other.run }), 1);
      await bed.call(runUnpause, { run: paused.run });
      await fake.complete(await fake.taken({ run: paused.run }), 1);
      expect((await bed.finished(paused.run)).status).toBe('succeeded');
    });

    it('of a component without a limit is a window, so that what is urgent overtakes what is not', async () => {
      const fake = await worker('fake.wide');
      const each = "component: fake.wide, foreach: { items: '${{ params.items }}' }";
      const steps = `params: { items: { type: array } }\n${pipeline('wide', { it: each }).split('\n').slice(1).join('\n')}`;
      await bed.submit(`name: wide\n${steps}`);
      await bed.submit(pipeline('urgent', { it: 'component: fake.wide, priority: 8' }));
      const items = Array.from({ length: 12 }, (_, i) => i);
      const { run } = await bed.call(runStart, { pipeline: 'wide', params: { items } });
      await eventually(() => fake.tasks.length === 4);
      const urgent = await start('urgent', 1);
      expect(urgent).toMatchObject({ priority: 1, steps: [{ status: 'waiting' }] });
      for (const i of [0, 1]) await fake.complete(await fake.taken({ step: `it[${i}]` }), i);
      await eventually(() => fake.tasks.length === 6);
      expect(fake.tasks[4]?.run).toBe(urgent.run);
      for (let i = 2; i < 13; i++)
        await fake.complete((await eventually(() => fake.tasks[i], { what: `task ${i}` })) as never, i);
      expect((await bed.finished(run)).status).toBe('succeeded');
      expect((await bed.finished(urgent.run)).status).toBe('succeeded');
      expect(fake.tasks).toHaveLength(13);
    });

    it('counts for a window only what waits for a worker: however large, a fleet is busy', async () => {
      const fake = await worker('fake.fleet');
      const each = 'component: fake.fleet, foreach: { items: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] }';
      await bed.submit(pipeline('fleet', { it: each }));
      const { run } = await start('fleet');
      await eventually(() => fake.tasks.length === 4);
      expect((await bed.get(run)).steps.filter(({ heldSince }) => heldSince !== undefined)).toHaveLength(8);
      // They are at work, and none of them ends.
      await eventually(() => {
        for (const task of fake.tasks) fake.beat(task);
        return fake.tasks.length === 12;
      });
      for (const [i, task] of fake.tasks.entries()) await fake.complete(task, i);
      expect((await bed.finished(run)).status).toBe('succeeded');
    });
  });
});
