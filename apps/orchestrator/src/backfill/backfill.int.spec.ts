import {
  backfillCancel,
  backfillGet,
  backfillList,
  backfillPause,
  backfillResume,
  backfillStart,
  runCancel,
  runSearch,
  type BackfillView,
  type StartBackfill,
} from '@millrace/contracts';
import { eventually, withDatabases } from '@millrace/testing';
import { TestBed } from '../testing/test-bed.js';
import { effects } from '../testing/test-components.js';

const daily = 'name: daily\nparams: { date: { type: string } }\nsteps: { add: { component: test.add } }';
const slow =
  'name: slow\nparams: { day: { type: string } }\nsteps: { wait: { component: test.wait, params: { ms: 60000 } } }';

withDatabases((database) => {
  describe('backfill', () => {
    let bed: TestBed;
    beforeAll(async () => {
      bed = await TestBed.start(database);
      await bed.submit(daily);
      await bed.submit(slow);
    });
    afterAll(() => bed[Symbol.asyncDispose]());

    const start = (more: Partial<StartBackfill>) =>
      bed.call(backfillStart, { pipeline: 'daily', from: '2026-01-01', to: '2026-01-03', ...more });
    const until = (id: string, fits: (view: BackfillView) => boolean, what: string): Promise<BackfillView> =>
      eventually(
        async () => {
          const view = await bed.call(backfillGet, { backfill: id });
          return fits(view) ? view : undefined;
        },
        { what, timeoutMs: 20_000 },
      ) as Promise<BackfillView>;
    const runsOf = async (pipeline: string) => (await bed.call(runSearch, { pipeline })).items;

    it('runs a pipeline once for each date', async () => {
      const { backfill, status } = await start({ concurrency: 2 });
      expect(status).toBe('running');
      const view = await until(backfill, (one) => one.status === 'succeeded', 'the backfill to succeed');
      expect(view.dates.map(({ date, attempts }) => [date, attempts])).toEqual([
        ['2026-01-01', 1],
        ['2026-01-02', 1],
        ['2026-01-03', 1],
      ]);
      const runs = await runsOf('daily');
      expect(runs.map(({ params }) => params['date']).sort()).toEqual(view.dates.map(({ date }) => date));
      expect(new Set(view.dates.map(({ run }) => run))).toEqual(new Set(runs.map(({ run }) => run)));
      expect(effects.filter(({ run }) => runs.some((one) => one.run === run))).toHaveLength(3);
      const page = await bed.call(backfillList, { limit: 1 });
      expect(page.items).toMatchObject([{ backfill, counts: { succeeded: 3 }, dates: [] }]);
    });

    it('has so many runs at once, can be paused, goes on after a restart, and ends when it is cancelled', async () => {
      const { backfill } = await start({ pipeline: 'slow', param: 'day', to: '2026-01-10', concurrency: 2 });
      const running = (one: BackfillView) => one.counts['running'] === 2;
      const two = await until(backfill, running, 'two runs');
      expect(two.dates.slice(0, 2).map(({ status }) => status)).toEqual(['running', 'running']);
      await bed.call(backfillPause, { backfill });
      for (const { run } of two.dates.slice(0, 2)) await bed.call(runCancel, { run: String(run) });
      const paused = await until(backfill, (one) => one.counts['cancelled'] === 2, 'both runs to have ended');
      expect(paused).toMatchObject({ status: 'paused', counts: { cancelled: 2, waiting: 8 } });

      await bed.orchestrator?.stop();
      await bed.startOrchestrator();
      await bed.call(backfillResume, { backfill });
      const again = await until(backfill, running, 'two runs again');
      expect(again.dates[0]).toMatchObject({ attempts: 2, status: 'running' });
      expect(again.dates[0]?.run).not.toBe(two.dates[0]?.run);
      expect(await bed.call(backfillCancel, { backfill })).toMatchObject({
        status: 'cancelled',
        counts: { cancelled: 10 },
      });
      for (const { run } of again.dates.slice(0, 2))
        expect(await bed.finished(String(run))).toMatchObject({ status: 'cancelled' });
      expect(await runsOf('slow')).toHaveLength(4);
      await expect(bed.call(backfillResume, { backfill })).rejects.toMatchObject({ code: 'conflict' });
    });

    it('is one backfill for one key', async () => {
      const before = (await runsOf('daily')).length;
      const [a, b] = await Promise.all([start({ idempotencyKey: 'k' }), start({ idempotencyKey: 'k' })]);
      expect(a.backfill).toBe(b.backfill);
      await until(a.backfill, ({ status }) => status === 'succeeded', 'the backfill to succeed');
      expect((await runsOf('daily')).length - before).toBe(3);
      await expect(start({ idempotencyKey: 'k', to: '2026-02-01' })).rejects.toMatchObject({
        code: 'conflict',
      });
    });

    it.each([
      [{ from: '2026-02-30' }, 'from'],
      [{ to: '2025-01-01' }, 'to'],
      [{ from: 'yesterday' }, 'from'],
      [{ concurrency: 0 }, 'concurrency'],
      [{ param: 'day' }, 'params.date'],
      [{ params: { date: 'x' } }, 'params.date'],
      [{ params: { other: 1 } }, 'params.other'],
    ])('refuses %j at once', async (more, field) => {
      const refused: unknown = await start(more).catch((thrown: unknown) => thrown);
      expect(refused).toMatchObject({ code: 'invalid_request' });
      const { fields } = (refused as { details: { fields: { field: string }[] } }).details;
      expect(fields.map((one) => one.field)).toContain(field);
    });

    it('knows what it does not know', async () => {
      await expect(start({ pipeline: 'none' })).rejects.toMatchObject({ code: 'not_found' });
      await expect(bed.call(backfillGet, { backfill: 'none' })).rejects.toMatchObject({ code: 'not_found' });
    });
  });
});
