import {
  lineageOfRun,
  runCancel,
  runList,
  runResume,
  runStart,
  stepRetry,
  triggerList,
  type RunView,
} from '@millrace/contracts';
import { eventually, withDatabases } from '@millrace/testing';
import { FakeWorker, fakeDescriptor } from '../../testing/fake-worker.js';
import { TestBed } from '../../testing/test-bed.js';

const inner = `
name: inner
params: { value: { type: number, default: 1 }, whole: { type: integer, default: 0 } }
steps:
  add: { component: test.add, params: { value: '\${{ params.value }}' } }
  ask: { component: fake.step, inputs: { a: add.value } }
`;
const quick = `
name: quick
params: { value: { type: number, default: 1 } }
steps: { add: { component: test.add, params: { value: '\${{ params.value }}' } } }
`;
const over = (name: string, sub: string, more = '') => `
name: ${name}
steps:
  sub: { pipeline: inner, ${sub} }
${more}`;
const no = { code: 'unavailable', message: 'no', retryable: true } as const;

withDatabases((database) => {
  describe('steps that run other pipelines', () => {
    let bed: TestBed;
    let fake: FakeWorker;
    beforeAll(async () => {
      bed = await TestBed.start(database, { TRIGGER_DEPTH: '3' });
      fake = new FakeWorker(bed.client, fakeDescriptor);
      await fake.start();
      for (const yaml of [inner, quick]) await bed.submit(yaml);
    });
    afterAll(async () => {
      await fake[Symbol.asyncDispose]();
      await bed[Symbol.asyncDispose]();
    });
    const stepOf = (view: RunView, name: string) => view.steps.find(({ step }) => step === name);
    /** The run that does a step, as soon as it is at its question. */
    const asked = async (run: string, step = 'sub', than?: string) => {
      const child = await eventually(async () => {
        const found = stepOf(await bed.get(run), step)?.child;
        return found === than ? undefined : found;
      });
      return { child: child ?? '', task: await fake.taken({ run: child ?? '' }) };
    };

    it('do what those do, and give what their steps gave; each knows of the other', async () => {
      const { run } = await bed.run(`
name: outer
params: { value: { type: number, default: 2 } }
steps:
  sub: { pipeline: inner, params: { value: '\${{ params.value * 2 }}' } }
  sum: { component: test.add, inputs: { a: sub.add__value, b: sub.ask__value } }
`);
      const { child, task } = await asked(run);
      expect(await bed.get(run)).toMatchObject({
        steps: [
          { step: 'sub', component: 'pipeline', status: 'running', child },
          { step: 'sum', status: 'waiting' },
        ],
      });
      expect(await bed.get(child)).toMatchObject({
        pipeline: 'inner',
        params: { value: 4, whole: 0 },
        parent: { run, step: 'sub' },
      });
      await fake.complete(task, 10);
      expect(await bed.finished(run)).toMatchObject({
        status: 'succeeded',
        steps: [{ outputs: { add__value: 4, ask__value: 10 } }, { outputs: { value: 15 } }],
      });
      const { items } = await bed.call(runList, { parent: run });
      expect(items.map((one) => one.run)).toEqual([child]);
    });

    it('are done for each item, so many at once, and until a condition holds', async () => {
      const { run } = await bed.run(
        over('each', 'foreach: { items: [1, 2, 3], concurrency: 2 }, params: { value: "${{ item }}" }'),
      );
      const first = await asked(run, 'sub[0]');
      const second = await asked(run, 'sub[1]');
      expect(stepOf(await bed.get(run), 'sub[2]')).toMatchObject({ status: 'waiting' });
      await fake.complete(second.task, 'b');
      const third = await asked(run, 'sub[2]');
      await fake.complete(third.task, 'c');
      await fake.complete(first.task, 'a');
      expect(stepOf(await bed.finished(run), 'sub')?.outputs).toEqual({
        add__value: [1, 2, 3],
        ask__value: ['a', 'b', 'c'],
      });
      const none = await bed.run(
        over('none', 'foreach: { items: [] }').replace('inner', 'quick') +
          '  size: { component: test.add, params: { value: "${{ double(size(steps.sub.outputs.add__value)) }}" } }',
      );
      expect(await bed.finished(none.run)).toMatchObject({
        status: 'succeeded',
        steps: [{ outputs: { add__value: [] } }, { outputs: { value: 0 } }],
      });
      const loop = await bed.run(`
name: loop
steps:
  grow:
    pipeline: quick
    params: { value: '\${{ previous.add__value == null ? 1.0 : previous.add__value * 2.0 }}' }
    until: { condition: outputs.add__value >= 8.0, max: 10 }
`);
      const view = await bed.finished(loop.run);
      expect(stepOf(view, 'grow')).toMatchObject({ status: 'succeeded', outputs: { add__value: 8 } });
      expect(new Set(view.steps.flatMap(({ child }) => child ?? [])).size).toBe(4);
    });

    it('are tried again by another run, where a policy says so', async () => {
      const { run } = await bed.run(over('again', 'retry: { attempts: 2, backoffMs: 10 }'));
      const first = await asked(run);
      await fake.fail(first.task, { ...no, code: 'data_invalid' });
      const second = await asked(run, 'sub', first.child);
      expect(stepOf(await bed.get(run), 'sub')).toMatchObject({ status: 'running', attempt: 2 });
      // What is not worth another attempt below is not worth another run either.
      await fake.fail(second.task, { ...no, code: 'data_invalid', retryable: false });
      expect(await bed.finished(run)).toMatchObject({
        status: 'failed',
        steps: [{ attempt: 2, child: second.child }],
      });
    });

    it('end by their limit, when all below has ended', async () => {
      const { run } = await bed.run(over('late', 'stepTimeoutMs: 300'));
      const { child } = await asked(run);
      expect(await bed.finished(run)).toMatchObject({
        status: 'failed',
        error: {
          code: 'deadline_exceeded',
          message: expect.stringMatching(`run ${child} of 'inner' was not done within 300 ms`) as string,
        },
      });
      expect(await bed.get(child)).toMatchObject({ status: 'cancelled' });
    });

    it('fail when their run is cancelled by hand, and what runs on failure may be another pipeline', async () => {
      const { run } = await bed.run(
        over('stopped', 'params: {}', 'onFailure: { tell: { pipeline: quick, params: { value: 9 } } }'),
      );
      const { child } = await asked(run);
      await bed.call(runCancel, { run: child });
      const view = await bed.finished(run);
      expect(view.error).toMatchObject({
        code: 'cancelled',
        message: `step 'sub': run ${child} of 'inner' was cancelled`,
        details: { run: child, step: 'sub' },
      });
      expect(stepOf(view, 'tell')).toMatchObject({ status: 'succeeded', outputs: { add__value: 9 } });
    });

    it('fail where what they are given turns out to be wrong', async () => {
      const { run } = await bed.run(
        over(
          'wrong',
          'params: { whole: "${{ steps.any.outputs.value }}" }',
          '  any: { component: test.add, params: { value: 0.5 } }',
        ),
      );
      expect((await bed.finished(run)).error).toMatchObject({
        code: 'invalid_request',
        message: "step 'sub': 'inner': params.whole: must be an integer",
      });
      expect((await bed.call(runList, { parent: run })).items).toEqual([]);
    });

    it('begin anew when one is tried again by hand, and go on when the run is resumed', async () => {
      const { run } = await bed.run(over('opened', 'params: {}'));
      const first = await asked(run);
      const wrong = { ...no, code: 'data_invalid', retryable: false } as const;
      await fake.fail(first.task, wrong);
      await bed.finished(run);
      await bed.call(stepRetry, { run, step: 'sub' });
      const second = await asked(run, 'sub', first.child);
      await fake.fail(second.task, wrong);
      expect(await bed.finished(run)).toMatchObject({ status: 'failed' });
      // Somebody brings the run below to a good end; the one above takes what it gave.
      await bed.call(runResume, { run: second.child });
      await fake.complete(await fake.taken({ run: second.child, token: 2 }), 7);
      await bed.finished(second.child);
      expect(await bed.get(run)).toMatchObject({ status: 'failed' });
      await bed.call(runResume, { run });
      expect(await bed.finished(run)).toMatchObject({
        status: 'succeeded',
        steps: [{ child: second.child, attempt: 3, outputs: { ask__value: 7 } }],
      });
    });

    it('are of the versions that were there when the first of them began', async () => {
      await bed.submit(quick.replace('quick', 'changing'));
      const yaml = `
name: pinned
steps: { ask: { component: fake.step }, sub: { pipeline: changing, after: [ask] } }`;
      const { run } = await bed.run(yaml);
      const task = await fake.taken({ run });
      await bed.submit(quick.replace('quick', 'changing').replace('add:', 'other:'));
      await fake.complete(task, 1);
      const outputsIn = async (id: string) => stepOf(await bed.finished(id), 'sub')?.outputs;
      expect(await outputsIn(run)).toEqual({ add__value: 1 });
      const next = await bed.call(runStart, { pipeline: 'pinned' });
      await fake.complete(await fake.taken({ run: next.run }), 1);
      expect(await outputsIn(next.run)).toEqual({ other__value: 1 });
    });

    it('do not wait for each other for ever, however narrow their pipelines are', async () => {
      await bed.submit(quick.replace('name: quick', 'name: narrow\nconcurrency: 1'));
      const yaml =
        'name: narrower\nconcurrency: 1\nsteps: { a: { pipeline: narrow }, b: { pipeline: narrow } }';
      const runs = [await bed.run(yaml), await bed.run(yaml), await bed.run(yaml)];
      for (const { run } of runs) expect(await bed.finished(run)).toMatchObject({ status: 'succeeded' });
    });

    it('look for nothing in the cache where they, or their run, shall not', async () => {
      await bed.submit('name: kept\nsteps: { write: { component: test.write, params: { text: kept } } }');
      const status = async (cache: string, request = {}) => {
        const { run } = await bed.run(`name: above\nsteps: { sub: { pipeline: kept, ${cache} } }`, request);
        const { child = '' } = stepOf(await bed.finished(run), 'sub') ?? {};
        return (await bed.get(child)).steps[0]?.status;
      };
      expect(await status('cache: true')).toBe('succeeded');
      expect(await status('cache: true')).toBe('cached');
      expect(await status('cache: false')).toBe('succeeded');
      expect(await status('cache: true', { cache: false })).toBe('succeeded');
    });

    it('are in the lineage, each with the run that says more', async () => {
      await bed.submit('name: making\nsteps: { write: { component: test.write, params: { text: line } } }');
      const { run } = await bed.run(
        'name: line\nsteps: { sub: { pipeline: making }, copy: { component: test.copy, inputs: { dataset: sub.write__dataset }, params: { suffix: x } } }',
      );
      const { child = '' } = stepOf(await bed.finished(run), 'sub') ?? {};
      const above = await bed.call(lineageOfRun, { run });
      expect(above.steps).toMatchObject([{ step: 'sub', child }, { step: 'copy' }]);
      const below = await bed.call(lineageOfRun, { run: child });
      expect(below.steps).toMatchObject([{ step: 'write', parent: run, component: 'test.write' }]);
    });

    it('are counted in a chain of triggers', async () => {
      await bed.submit('name: link\nsteps: { add: { component: test.add } }');
      const { run } = await bed.run(`
name: chain
triggers: [{ event: orchestrator.run.changed, when: "event.data.pipeline == 'link' && event.data.status == 'succeeded'" }]
steps: { sub: { pipeline: link } }
`);
      await bed.finished(run);
      const refused = async () => (await bed.call(triggerList, { pipeline: 'chain' })).items[0];
      await eventually(async () => ((await refused())?.refused ?? 0) > 0);
      expect(await refused()).toMatchObject({ fired: 3, refused: 1 });
    });

    it('cannot begin in a circle that came about by versions submitted at once', async () => {
      await bed.submit(quick.replace('quick', 'left'));
      await bed.submit('name: right\nsteps: { sub: { pipeline: left } }');
      const circular = JSON.stringify({ name: 'left', steps: { sub: { pipeline: 'right' } } });
      await bed.database((query) =>
        query(`UPDATE pipeline_version SET definition = '${circular}' WHERE name = 'left'`),
      );
      await expect(bed.call(runStart, { pipeline: 'right' })).rejects.toMatchObject({
        code: 'invalid_request',
        message: expect.stringContaining('without end: right → left → right') as string,
      });
    });
  });
});
