import { DomainError, runCancel, runList, runLog, runStart, type CloudEvent } from '@millrace/contracts';
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
const writing = 'name: writing\nsteps: { write: { component: test.write, params: { text: hello } } }';
const waiting =
  'name: waiting\nsteps: { long: { component: test.wait, params: { ms: 60000 } }, next: { component: test.add, after: [long] } }';

withDatabases((database) => {
  describe('runs', () => {
    let bed: TestBed;
    beforeAll(async () => void (bed = await TestBed.start(database)));
    afterAll(() => bed[Symbol.asyncDispose]());

    const messages = async (run: string): Promise<string[]> =>
      (await bed.call(runLog, { run })).items.map(({ step, message }) => `${step ?? '-'}: ${message}`);
    const refusal = async (attempt: Promise<unknown>): Promise<DomainError> => {
      const error: unknown = await attempt.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof DomainError)) throw new Error('was not refused');
      return error;
    };

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

    it('tells what changes as events, each run and step to its end', async () => {
      const events: CloudEvent[] = [];
      const subscription = bed.client.subscribe(
        bed.client.subjects.event('orchestrator.>'),
        (body) => void events.push(body as CloudEvent),
      );
      await bed.client.nc.flush();
      const { run } = await bed.run(diamond);
      const about = (type: string) =>
        events.filter((event) => event.subject === run && event.type === `orchestrator.${type}.changed`);
      const statuses = (type: string) => about(type).map(({ data }) => (data as { status: string }).status);
      await eventually(
        () =>
          statuses('run').includes('succeeded') &&
          statuses('step').filter((s) => s === 'succeeded').length === 4,
      );
      expect(statuses('run')).toEqual(['running', 'succeeded']);
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      expect(about('step').at(-1)?.data).toEqual({
        run,
        step: 'last',
        component: 'test.add',
        status: 'succeeded',
        attempt: 1,
        metrics: { value: 1 },
      });
      subscription.unsubscribe();
    });

    it('tries again as the pipeline says, with a delay, and says so in the log', async () => {
      const { run } = await bed.run(
        'name: trying\nsteps: { fail: { component: test.fail, params: { times: 2 }, retry: { attempts: 3, backoffMs: 100 } } }',
      );
      const view = await bed.finished(run);
      expect(view).toMatchObject({ status: 'succeeded', steps: [{ attempt: 3, outputs: { value: 3 } }] });
      const begun = effectsOf(run, 'begun').map(({ at }) => at);
      expect((begun[1] ?? 0) - (begun[0] ?? 0)).toBeGreaterThanOrEqual(50);
      expect((begun[2] ?? 0) - (begun[1] ?? 0)).toBeGreaterThanOrEqual(100);
      expect(await messages(run)).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^fail: attempt 2 failed: attempt 2 fails \(internal\); again in \d+ ms$/),
        ]),
      );
    });

    it('fails with the error of the step that failed, and skips what waited for it', async () => {
      const { run } = await bed.run(
        'name: failing\nsteps: { fail: { component: test.fail, params: { times: 9, retryable: false }, retry: { attempts: 3 } }, after: { component: test.add, inputs: { a: fail.value } }, beside: { component: test.add } }',
      );
      const view = await bed.finished(run);
      expect(view).toMatchObject({
        status: 'failed',
        error: { code: 'internal', message: "step 'fail': attempt 1 fails" },
      });
      expect(Object.fromEntries(view.steps.map(({ step, status }) => [step, status]))).toEqual({
        fail: 'failed',
        after: 'skipped',
        beside: 'succeeded',
      });
    });

    it('ends an attempt at its limit', async () => {
      const { run } = await bed.run(
        'name: late\nsteps: { late: { component: test.wait, params: { ms: 60000 }, timeoutMs: 200 } }',
      );
      expect(await bed.finished(run)).toMatchObject({
        status: 'failed',
        error: { code: 'deadline_exceeded' },
      });
    });

    it('reaches the worker with a cancellation within two seconds', async () => {
      const { run } = await bed.run(waiting);
      await eventually(() => effectsOf(run, 'begun').length === 1);
      const asked = performance.now();
      const view = await bed.call(runCancel, { run });
      expect(view).toMatchObject({ status: 'cancelled' });
      expect(view.steps.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
      const [aborted] = await eventually(
        () => effectsOf(run, 'aborted').length > 0 && effectsOf(run, 'aborted'),
      );
      expect((aborted?.at ?? Infinity) - asked).toBeLessThan(2_000);
      expect(await bed.call(runCancel, { run })).toMatchObject({ status: 'cancelled' });
      expect(effectsOf(run)).toEqual([]);
    });

    it('takes from the cache what is there in full, and says why or why not', async () => {
      const first = await bed.run(writing);
      const written = await bed.finished(first.run);
      const second = await bed.run(writing);
      const cached = await bed.finished(second.run);
      expect(cached.steps).toMatchObject([
        { status: 'cached', attempt: 0, outputs: written.steps[0]?.outputs },
      ]);
      expect(effectsOf(second.run)).toEqual([]);
      expect(await messages(second.run)).toContain(
        `write: cache hit: step 'write' of run ${first.run} did the same`,
      );

      const bypassed = await bed.run(writing, { cache: false });
      expect((await bed.finished(bypassed.run)).steps).toMatchObject([{ status: 'succeeded' }]);
      expect(await messages(bypassed.run)).toContain('write: cache not asked: it is off for this run');
    });

    it('does not take from the cache what has lost a file', async () => {
      const pipeline = writing.replace('hello', `lost-${database.kind}`);
      const first = await bed.run(pipeline);
      await bed.finished(first.run);
      await bed.removeArtifact(`lost-${database.kind}`);
      const second = await bed.run(pipeline);
      expect(await bed.finished(second.run)).toMatchObject({
        status: 'succeeded',
        steps: [{ status: 'succeeded' }],
      });
      expect((await messages(second.run)).join('\n')).toMatch(
        /cache miss: step 'write' of run \w+ did the same, but .* file sha256:\w+ is gone/,
      );
    });

    it('starts one run under one key, whoever asks and however often', async () => {
      await bed.submit(diamond);
      const request = { pipeline: 'diamond', idempotencyKey: 'once', params: { start: 2 } };
      const views = await Promise.all([1, 2, 3].map(() => bed.call(runStart, request)));
      views.push(await bed.call(runStart, request));
      expect(new Set(views.map(({ run }) => run)).size).toBe(1);
      await bed.finished(views[0]?.run ?? '');
      expect(effectsOf(views[0]?.run ?? '')).toHaveLength(4);
      expect(await refusal(bed.call(runStart, { ...request, params: { start: 3 } }))).toMatchObject({
        code: 'conflict',
        retryable: false,
      });
    });

    it('lists runs newest first, page by page, and by pipeline and status', async () => {
      const started: string[] = [];
      for (let i = 0; i < 3; i++)
        started.push((await bed.run(diamond.replace('name: diamond', 'name: paged'))).run);
      for (const run of started) await bed.finished(run);
      const first = await bed.call(runList, { pipeline: 'paged', limit: 2 });
      expect(first.items.map(({ run }) => run)).toEqual([started[2], started[1]]);
      const second = await bed.call(runList, { pipeline: 'paged', limit: 2, after: first.next ?? '' });
      expect(second.items.map(({ run }) => run)).toEqual([started[0]]);
      expect(second.next).toBeUndefined();
      expect((await bed.call(runList, { pipeline: 'paged', status: 'failed' })).items).toEqual([]);
    });

    it("keeps what workers log in the run's log, between what happened", async () => {
      const { run } = await bed.run(
        'name: logging\nsteps: { add: { component: test.add, params: { value: -1 } } }',
      );
      await bed.finished(run);
      await eventually(async () => (await messages(run)).includes('add: adding -1'));
      expect(
        (await messages(run)).filter((line) => line !== 'add: adding -1' && !line.includes('runs on')),
      ).toEqual([
        "-: run of 'logging' started",
        'add: cache not asked: its component is not deterministic',
        expect.stringMatching(/^add: succeeded after \d+ ms on /),
        '-: run succeeded',
      ]);
    });

    it('refuses a run whose params do not fit, naming each', async () => {
      await bed.submit(diamond);
      const bad = await refusal(
        bed.call(runStart, { pipeline: 'diamond', params: { start: 'one', colour: 1 } }),
      );
      expect(bad.details?.fields?.map(({ field }) => field)).toEqual(['params.colour', 'params.start']);
      await bed.submit(
        'name: typed\nparams: { v: { type: object } }\nsteps: { a: { component: test.add, params: { value: "${{ params.v }}" } } }',
      );
      const late = await refusal(bed.call(runStart, { pipeline: 'typed', params: { v: {} } }));
      expect(late.details?.fields).toEqual([{ field: 'steps.a.params.value', message: 'must be number' }]);
      expect(await refusal(bed.call(runStart, { pipeline: 'nowhere' }))).toMatchObject({ code: 'not_found' });
      expect(await refusal(bed.get('nobody'))).toMatchObject({ code: 'not_found' });
      expect(await refusal(bed.call(runCancel, { run: 'nobody' }))).toMatchObject({ code: 'not_found' });
    });
  });
});
