import {
  deadLetterList,
  historyPrune,
  lineageOfRun,
  runGet,
  runLog,
  runSearch,
  type RunView,
} from '@millrace/contracts';
import { eventually, withDatabases } from '@millrace/testing';
import { TestBed } from '../testing/test-bed.js';

const pipeline = (name: string) =>
  `name: ${name}\nsteps: { write: { component: test.write, params: { text: ${name} } }, boom: { component: test.fail, after: [write], params: { retryable: false } } }`;

withDatabases((database) => {
  describe('history', () => {
    let bed: TestBed;
    beforeAll(async () => void (bed = await TestBed.start(database)));
    afterAll(() => bed[Symbol.asyncDispose]());
    const done = async (name: string): Promise<RunView> => bed.finished((await bed.run(pipeline(name))).run);
    const runsOf = async (name: string) =>
      (await bed.call(runSearch, { pipeline: name })).items.map(({ run }) => run);

    it('is pruned to so many runs of each pipeline, with steps and logs, and lineage stays', async () => {
      const runs = [await done('a'), await done('a'), await done('a')];
      const other = await done('b');
      expect(await bed.call(historyPrune, { maxRuns: 1, dryRun: true })).toEqual({
        runs: 2,
        dryRun: true,
        more: false,
      });
      expect(await runsOf('a')).toHaveLength(3);
      expect(await bed.call(historyPrune, { maxRuns: 1 })).toEqual({ runs: 2, dryRun: false, more: false });
      expect(await runsOf('a')).toEqual([runs[2]?.run]);
      expect(await runsOf('b')).toEqual([other.run]);
      const gone = { run: runs[0]!.run };
      for (const operation of [runGet, runLog])
        await expect(bed.call<object, object>(operation, gone)).rejects.toMatchObject({ code: 'not_found' });
      expect((await bed.call(deadLetterList, { pipeline: 'a' })).items).toHaveLength(1);
      expect(await bed.call(lineageOfRun, gone)).toMatchObject({
        steps: [{ step: 'write', component: 'test.write', componentVersion: '1.0.0', params: { text: 'a' } }],
      });
      // What a removed run did is still taken from the cache.
      expect((await done('a')).steps[0]).toMatchObject({ status: 'cached' });
    });

    it('is pruned by age, and only of the pipeline that is named', async () => {
      await bed.call(historyPrune, { maxAgeDays: 1 });
      const before = (await runsOf('a')).length;
      expect(before).toBeGreaterThan(0);
      await bed.age(2 * 86_400_000);
      await done('a');
      await bed.call(historyPrune, { maxAgeDays: 1, pipeline: 'a' });
      expect(await runsOf('a')).toHaveLength(1);
      expect(await runsOf('b')).toHaveLength(1);
    });

    it('keeps what is not at its end', async () => {
      const waiting = 'name: waiting\nsteps: { long: { component: test.wait, params: { ms: 30000 } } }';
      const { run } = await bed.run(waiting);
      await bed.run(waiting);
      await bed.call(historyPrune, { maxRuns: 1, pipeline: 'waiting' });
      expect(await bed.get(run)).toMatchObject({ run });
    });

    it('keeps what a run began as long as that run, and no longer', async () => {
      await bed.submit('name: below\nsteps: { add: { component: test.add } }');
      const yaml = 'name: above\nsteps: { a: { pipeline: below }, b: { pipeline: below } }';
      const { run } = await bed.finished((await bed.run(yaml)).run);
      await bed.call(historyPrune, { maxRuns: 1, pipeline: 'below' });
      expect(await runsOf('below')).toHaveLength(2);
      await bed.finished((await bed.run(yaml)).run);
      const pruned = { runs: 3, more: false };
      const policy = { maxRuns: 1, pipeline: 'above' };
      expect(await bed.call(historyPrune, { ...policy, dryRun: true })).toEqual({ ...pruned, dryRun: true });
      expect(await bed.call(historyPrune, policy)).toEqual({ ...pruned, dryRun: false });
      await expect(bed.get(run)).rejects.toMatchObject({ code: 'not_found' });
      expect(await runsOf('below')).toHaveLength(2);
    });

    it('refuses nonsense, and removes nothing without a policy', async () => {
      await expect(bed.call(historyPrune, { maxAgeDays: -1 })).rejects.toMatchObject({
        code: 'invalid_request',
      });
      expect(await bed.call(historyPrune, {})).toEqual({ runs: 0, dryRun: false, more: false });
    });
  });

  it('is pruned by the settings, without being asked', async () => {
    await using bed = await TestBed.start(database, { HISTORY_MAX_RUNS: '1', HISTORY_PRUNE_MS: '100' });
    for (let i = 0; i < 3; i++) await bed.finished((await bed.run(pipeline('auto'))).run);
    await eventually(async () => (await bed.call(runSearch, {})).items.length === 1, {
      what: 'one run to be left',
    });
  });
});
