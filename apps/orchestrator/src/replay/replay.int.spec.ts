import {
  componentList,
  replayGet,
  runCompare,
  runReplay,
  type ReplayRun,
  type ReplayView,
  type RunView,
} from '@millrace/contracts';
import { eventually, withDatabases } from '@millrace/testing';
import { FakeWorker, fakeDescriptor } from '../testing/fake-worker.js';
import { TestBed } from '../testing/test-bed.js';
import { effectsOf } from '../testing/test-components.js';

const pipeline = `
name: repeated
params: { suffix: { type: string, default: '-one' }, value: { type: number, default: 1 } }
steps:
  write: { component: test.write, params: { text: data } }
  copy: { component: test.copy, inputs: { dataset: write.dataset }, params: { suffix: '\${{ params.suffix }}' } }
  add: { component: test.add, after: [copy], params: { value: '\${{ params.value }}' } }
`;

withDatabases((database) => {
  describe('replay', () => {
    let bed: TestBed;
    let first: RunView;
    beforeAll(async () => {
      bed = await TestBed.start(database);
      first = await bed.finished((await bed.run(pipeline)).run);
    });
    afterAll(() => bed[Symbol.asyncDispose]());

    const replay = async (more: Partial<ReplayRun> = {}): Promise<ReplayView> => {
      const { run } = await bed.call(runReplay, { run: first.run, ...more });
      await bed.finished(run);
      return bed.call(replayGet, { run });
    };
    const step = (view: ReplayView, name: string) => view.comparison.steps.find((one) => one.step === name);

    it('gives the same on the same, the old inputs kept', async () => {
      const view = await replay({ cache: false });
      expect(view).toMatchObject({
        of: first.run,
        status: 'succeeded',
        kept: ['write'],
        comparison: {
          verdict: 'same',
          params: [],
          steps: [{ kept: true }, { kept: false, same: true }, { same: true }],
        },
      });
      expect(
        effectsOf(view.run)
          .map((effect) => effect.step)
          .sort(),
      ).toEqual(['add', 'copy']);
      expect(step(view, 'copy')?.tookMs).toMatchObject({ before: expect.any(Number) as number });
    });

    it('tells which outputs and metrics came out another way', async () => {
      const view = await replay({ params: { suffix: '-another', value: 5 } });
      expect(view.comparison).toMatchObject({
        verdict: 'different',
        params: [
          { name: 'suffix', before: '-one', after: '-another' },
          { name: 'value', before: 1, after: 5 },
        ],
      });
      expect(step(view, 'copy')).toMatchObject({
        same: false,
        outputs: [{ port: 'dataset', before: { type: 'dataset' }, after: { type: 'dataset' } }],
        metrics: [{ name: 'length', before: 8, after: 12, difference: 4 }],
      });
      expect(step(view, 'add')).toMatchObject({
        outputs: [{ port: 'value', before: 1, after: 5 }],
        metrics: [{ name: 'value', difference: 4 }],
      });
    });

    it('runs again from where it is told to', async () => {
      const view = await replay({ from: ['add'] });
      expect(view.kept).toEqual(['write', 'copy']);
      expect(effectsOf(view.run).map((effect) => effect.step)).toEqual(['add']);
      expect((await bed.get(view.run)).steps.map(({ status }) => status)).toEqual([
        'cached',
        'cached',
        'succeeded',
      ]);
    });

    it('is of the version of the pipeline that the run began with, unless told otherwise', async () => {
      const changed = await bed.submit(
        pipeline.replace('text: data', 'text: other').replace('repeated', 'repeated'),
      );
      expect(changed.version).toBe(first.pipelineVersion + 1);
      expect((await replay()).comparison.pipelineVersion).toEqual({
        before: first.pipelineVersion,
        after: first.pipelineVersion,
      });
      const newer = await replay({ pipelineVersion: changed.version, from: ['write'] });
      expect(newer.comparison).toMatchObject({
        verdict: 'different',
        pipelineVersion: { after: changed.version },
      });
    });

    it('is one run for one key', async () => {
      const [a, b] = await Promise.all([replay({ idempotencyKey: 'k' }), replay({ idempotencyKey: 'k' })]);
      expect(a.run).toBe(b.run);
      await expect(bed.call(runReplay, { run: a.run, idempotencyKey: 'k' })).rejects.toMatchObject({
        code: 'conflict',
      });
    });

    it('runs on the component as it is now, and tells what its new version gives', async () => {
      const work = async (version: string, value: number, start: () => Promise<string>): Promise<string> => {
        await using worker = new FakeWorker(bed.client, { ...fakeDescriptor, version });
        await worker.start();
        await eventually(
          async () =>
            (await bed.call(componentList, {})).items.some(
              (one) => one.name === fakeDescriptor.name && one.version === version,
            ),
          { what: `version ${version} to be known` },
        );
        const run = await start();
        await worker.complete(await worker.taken({ run }), value);
        await bed.finished(run);
        return run;
      };
      const yaml =
        'name: upgraded\nsteps: { add: { component: test.add }, fake: { component: fake.step, inputs: { a: add.value } } }';
      const old = await work('1.0.0', 5, async () => (await bed.run(yaml)).run);
      const now = await work('1.1.0', 7, async () => (await bed.call(runReplay, { run: old })).run);
      const view = await bed.call(replayGet, { run: now });
      expect(view).toMatchObject({ kept: ['add'], comparison: { verdict: 'different' } });
      expect(step(view, 'fake')).toMatchObject({
        component: { before: 'fake.step 1.0.0', after: 'fake.step 1.1.0' },
        outputs: [{ port: 'value', before: 5, after: 7 }],
      });
    });

    it('runs other pipelines again as they were, and keeps what they gave where nothing led to them', async () => {
      await bed.submit('name: below\nsteps: { add: { component: test.add, params: { value: 1 } } }');
      const { run } = await bed.finished(
        (
          await bed.run(
            'name: above\nsteps: { source: { pipeline: below }, again: { pipeline: below, after: [source] }, add: { component: test.add, inputs: { a: source.add__value, b: again.add__value } } }',
          )
        ).run,
      );
      await bed.submit('name: below\nsteps: { add: { component: test.add, params: { value: 5 } } }');
      const again = await bed.call(runReplay, { run });
      await bed.finished(again.run);
      expect(await bed.call(replayGet, { run: again.run })).toMatchObject({
        kept: ['source'],
        comparison: { verdict: 'same' },
      });
      const [source, other] = (await bed.get(again.run)).steps;
      const before = (await bed.get(run)).steps;
      expect(source).toMatchObject({ status: 'cached', child: before[0]?.child });
      expect(other?.child).not.toBe(before[1]?.child);
      // Told to be of a version, it is of the other pipelines as they are now.
      const newer = await bed.call(runReplay, { run, pipelineVersion: 1 });
      expect(await bed.finished(newer.run)).toMatchObject({
        steps: [{}, { outputs: { add__value: 5 } }, { outputs: { value: 7 } }],
      });
      // A run that was begun by another can be repeated by itself.
      const alone = await bed.call(runReplay, { run: before[1]?.child ?? '' });
      const view = await bed.finished(alone.run);
      expect(view).toMatchObject({ pipeline: 'below', pipelineVersion: 1, status: 'succeeded' });
      expect(view.parent).toBeUndefined();
    });

    it('compares any two runs', async () => {
      const other = await bed.finished((await bed.run(pipeline, { params: { value: 2 } })).run);
      const comparison = await bed.call(runCompare, { run: other.run, other: first.run });
      expect(comparison).toMatchObject({ before: first.run, after: other.run, verdict: 'different' });
      expect(comparison.steps.map(({ same }) => same)).toEqual([true, true, false]);
    });

    it('needs the old inputs to be there', async () => {
      const text = 'lost';
      const lost = pipeline.replace('text: data', `text: ${text}`).replace('name: repeated', 'name: lost');
      const { run } = await bed.finished((await bed.run(lost)).run);
      const write = (await bed.get(run)).steps[0]?.outputs['dataset'] as { digest: string };
      await bed.removeDigest(write.digest);
      await expect(bed.call(runReplay, { run })).rejects.toMatchObject({
        code: 'conflict',
        retryable: false,
        details: { step: 'write' },
      });
    });

    it('refuses what it cannot repeat', async () => {
      await expect(bed.call(runReplay, { run: 'none' })).rejects.toMatchObject({ code: 'not_found' });
      await expect(bed.call(runReplay, { run: first.run, from: ['nowhere'] })).rejects.toMatchObject({
        details: { fields: [{ field: 'from[0]' }] },
      });
      await expect(bed.call(runReplay, { run: first.run, params: { unknown: 1 } })).rejects.toMatchObject({
        details: { fields: [{ field: 'params.unknown' }] },
      });
      const { run } = await bed.run(
        'name: going\nsteps: { long: { component: test.wait, params: { ms: 20000 } } }',
      );
      await expect(bed.call(runReplay, { run })).rejects.toMatchObject({ code: 'conflict', retryable: true });
      await expect(bed.call(replayGet, { run: first.run })).rejects.toMatchObject({ code: 'not_found' });
    });
  });
});
