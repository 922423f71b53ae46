import {
  eventSearch,
  pipelineVersion,
  pipelineVersions,
  runGet,
  runSearch,
  stepSearch,
  type RunView,
} from '@millrace/contracts';
import { withDatabases } from '@millrace/testing';
import { TestBed } from '../testing/test-bed.js';

const good =
  'name: good\nparams: { note: { type: string, default: "" } }\nsteps: { a: { component: test.add }, second: { component: test.add, inputs: { a: a.value } } }';
const bad =
  'name: bad\nsteps: { boom: { component: test.fail, params: { retryable: false } }, after: { component: test.add, after: [boom] } }';

withDatabases((database) => {
  describe('search', () => {
    let bed: TestBed;
    const runs: RunView[] = [];
    beforeAll(async () => {
      bed = await TestBed.start(database);
      for (const [yaml, params] of [
        [good, { note: 'Crème 100%_done' }],
        [bad, {}],
        [good, { note: 'plain' }],
        [bad, {}],
      ] as const)
        runs.push(await bed.finished((await bed.run(yaml, { params })).run));
    });
    afterAll(() => bed[Symbol.asyncDispose]());
    const idsOf = (page: { items: { run: string }[] }) =>
      page.items.map(({ run }) => runs.findIndex((one) => one.run === run));

    it('finds runs by state, pipeline and text, newest first', async () => {
      const find = async (search: object) => idsOf(await bed.call(runSearch, search));
      expect(await find({})).toEqual([3, 2, 1, 0]);
      expect(await find({ status: 'failed' })).toEqual([3, 1]);
      expect(await find({ status: 'succeeded,cancelled', pipeline: 'good' })).toEqual([2, 0]);
      expect(await find({ text: 'PLAIN' })).toEqual([2]);
      expect(await find({ text: '100%_d' })).toEqual([0]);
      expect(await find({ text: '%' })).toEqual([0]);
      expect(await find({ text: 'attempt 1 fails' })).toEqual([3, 1]);
      expect(await find({ text: "'; DROP TABLE run; --" })).toEqual([]);
    });

    it('finds runs by the time of their start', async () => {
      // One run began when the one before had ended.
      const { finishedAt } = await bed.call(runGet, { run: runs[1]!.run });
      expect(idsOf(await bed.call(runSearch, { since: finishedAt! }))).toEqual([3, 2]);
      expect(idsOf(await bed.call(runSearch, { until: finishedAt! }))).toEqual([1, 0]);
    });

    it('gives pages that together are everything, once', async () => {
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await bed.call(stepSearch, { limit: 3, ...(after ? { after } : {}) });
        expect(page.items.length).toBeLessThanOrEqual(3);
        seen.push(...page.items.map(({ run, step }) => `${run}/${step}`));
        after = page.next;
      } while (after !== undefined);
      expect(seen).toEqual(
        [...runs]
          .reverse()
          .flatMap(({ run, steps }) => [...steps].reverse().map(({ step }) => `${run}/${step}`)),
      );
    });

    it('finds steps by run, pipeline, component, state and text', async () => {
      const find = async (search: object) =>
        (await bed.call(stepSearch, search)).items.map(
          ({ run, step }) => `${idsOf({ items: [{ run }] })[0]}/${step}`,
        );
      expect(await find({ status: 'failed,skipped' })).toEqual(['3/after', '3/boom', '1/after', '1/boom']);
      expect(await find({ component: 'test.fail' })).toEqual(['3/boom', '1/boom']);
      expect(await find({ pipeline: 'good', text: 'SECOND' })).toEqual(['2/second', '0/second']);
      expect(await find({ run: runs[0]!.run })).toEqual(['0/second', '0/a']);
      const [step] = (await bed.call(stepSearch, { text: 'attempt 1 FAILS' })).items;
      expect(step).toMatchObject({ pipeline: 'bad', status: 'failed', error: { code: 'internal' } });
    });

    it('finds what happened', async () => {
      const page = await bed.call(eventSearch, { level: 'error', pipeline: 'bad', step: 'boom' });
      expect(page.items).toMatchObject([
        { run: runs[3]!.run, step: 'boom', level: 'error', message: 'failed: attempt 1 fails (internal)' },
        { run: runs[1]!.run },
      ]);
      const first = await bed.call(eventSearch, { limit: 1, text: 'run of' });
      const second = await bed.call(eventSearch, { limit: 1, text: 'run of', after: String(first.next) });
      expect([...idsOf(first), ...idsOf(second)]).toEqual([3, 2]);
    });

    it('lists the versions of a pipeline', async () => {
      const changed = await bed.submit(good.replace('name: good', 'name: good\ndescription: changed'));
      const page = await bed.call(pipelineVersions, { name: 'good', limit: 1 });
      expect(page).toMatchObject({
        items: [{ version: changed.version, definition: { description: 'changed' } }],
      });
      const rest = await bed.call(pipelineVersions, { name: 'good', after: String(page.next) });
      expect(rest.items.map(({ version }) => version)).toEqual([changed.version - 1]);
      expect(await bed.get(runs[0]!.run)).toMatchObject({ pipelineVersion: changed.version - 1 });
      const old = await bed.call(pipelineVersion, { name: 'good', version: changed.version - 1 });
      expect(old.definition).not.toHaveProperty('description');
      await expect(bed.call(pipelineVersion, { name: 'good', version: 99 })).rejects.toMatchObject({
        code: 'not_found',
      });
      await expect(bed.call(pipelineVersions, { name: 'no' })).rejects.toMatchObject({ code: 'not_found' });
    });

    it.each([
      [runSearch, { status: 'lost' }, 'status'],
      [runSearch, { since: 'yesterday' }, 'since'],
      [runSearch, { text: 'x'.repeat(201) }, 'text'],
      [stepSearch, { after: 'x/y' }, 'after'],
      [eventSearch, { after: '1 OR 1=1' }, 'after'],
      [eventSearch, { limit: 1001 }, 'limit'],
    ] as const)('refuses %#', async (operation, search, field) => {
      await expect(bed.call<object, object>(operation, search)).rejects.toMatchObject({
        code: 'invalid_request',
        details: { fields: [{ field }] },
      });
    });
  });
});
