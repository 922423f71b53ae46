import {
  pipelineSubmit,
  runList,
  scheduleList,
  schedulePause,
  schedulePreview,
  scheduleResume,
  type RunView,
  type ScheduleView,
} from '@millrace/contracts';
import { openDataSource } from '@millrace/persistence';
import { startService, type RunningService } from '@millrace/service';
import { eventually, withDatabases } from '@millrace/testing';
import { orchestratorService } from '../service.js';
import { OrchestratorProcess } from '../testing/orchestrator-process.js';
import { TestBed } from '../testing/test-bed.js';
import { WallClock } from './wall-clock.js';

const minute = 60_000;
const hour = 60 * minute;
const at = (text: string) => Date.parse(text);

const hourly = (name: string, more = '', value = 1) =>
  `name: ${name}\nparams: { value: { type: integer, default: ${value} } }\nschedule: { cron: '0 * * * *', timezone: Europe/Berlin${more} }\nsteps: { a: { component: test.add, params: { value: '\${{ params.value }}' } } }`;

/** Sets the clock of an orchestrator, which goes on from there. */
const setClock = (service: RunningService | undefined, now: number): void => {
  const offset = now - Date.now();
  const clock = service?.app.get(WallClock, { strict: false });
  if (clock) clock.now = () => Date.now() + offset;
};

withDatabases((database) => {
  describe('schedules', () => {
    let bed: TestBed;
    const noon = at('2026-11-23T11:59:00Z');
    beforeAll(async () => void (bed = await TestBed.start(database, { RECONCILE_MS: '50' })));
    afterAll(() => bed[Symbol.asyncDispose]());
    beforeEach(() => setClock(bed.orchestrator, noon));

    const runsOf = async (pipeline: string): Promise<RunView[]> =>
      (await bed.call(runList, { pipeline })).items;
    const scheduleOf = async (pipeline: string): Promise<ScheduleView> => {
      const { items } = await bed.call(scheduleList, {});
      const found = items.find((item) => item.pipeline === pipeline);
      if (!found) throw new Error(`no schedule of ${pipeline}`);
      return found;
    };
    const untilLast = (pipeline: string, last: string) =>
      eventually(async () => (await scheduleOf(pipeline)).last === last, { what: `tick ${last}` });

    it('starts a run at each tick, with the parameters of the schedule', async () => {
      await bed.submit(hourly('ticks', ', params: { value: 5 }'));
      expect(await scheduleOf('ticks')).toMatchObject({ next: '2026-11-23T12:00:00.000Z', paused: false });
      setClock(bed.orchestrator, at('2026-11-23T12:00:00Z') - 1_500);
      await untilLast('ticks', '2026-11-23T12:00:00.000Z');
      const [run, ...others] = await runsOf('ticks');
      expect(others).toEqual([]);
      expect(await bed.finished(run?.run ?? '')).toMatchObject({ status: 'succeeded', params: { value: 5 } });
      expect(await scheduleOf('ticks')).toMatchObject({
        lastRun: run?.run,
        next: '2026-11-23T13:00:00.000Z',
      });
    });

    it('never starts early or twice, wherever the clock is set', async () => {
      await bed.submit(hourly('jumps', ', catchUp: all'));
      setClock(bed.orchestrator, at('2026-11-23T14:30:00Z'));
      await untilLast('jumps', '2026-11-23T14:00:00.000Z');
      expect(await runsOf('jumps')).toHaveLength(3);
      // Two hours back: what was started stays started, and the next is the one that nobody has started.
      setClock(bed.orchestrator, at('2026-11-23T12:59:59.700Z'));
      await untilLast('jumps', '2026-11-23T13:00:00.000Z');
      setClock(bed.orchestrator, at('2026-11-23T13:59:59.700Z'));
      await untilLast('jumps', '2026-11-23T14:00:00.000Z');
      setClock(bed.orchestrator, at('2026-11-23T14:59:59.700Z'));
      await untilLast('jumps', '2026-11-23T15:00:00.000Z');
      expect(await runsOf('jumps')).toHaveLength(4);
    });

    it.each([
      ['none', 0],
      ['latest', 1],
      ['all', 5],
    ])('after hours without an orchestrator, catches up with %s', async (catchUp, expected) => {
      const name = `away-${catchUp}`;
      await bed.submit(hourly(name, `, catchUp: ${catchUp}`));
      setClock(bed.orchestrator, noon + 5 * hour);
      await eventually(async () => (await scheduleOf(name)).next === '2026-11-23T17:00:00.000Z');
      await eventually(async () => {
        const { last, error } = await scheduleOf(name);
        return expected === 0 ? error?.code === 'deadline_exceeded' : last === '2026-11-23T16:00:00.000Z';
      });
      expect(await runsOf(name)).toHaveLength(expected);
    });

    it('rests while it is paused, and goes on from where it is resumed', async () => {
      await bed.submit(hourly('rests', ', catchUp: all'));
      await bed.submit(hourly('wakes', ', catchUp: all'));
      const paused = await bed.call(schedulePause, { pipeline: 'rests' });
      expect(paused).toMatchObject({ paused: true });
      expect(paused).not.toHaveProperty('next');
      setClock(bed.orchestrator, at('2026-11-23T13:30:00Z'));
      await untilLast('wakes', '2026-11-23T13:00:00.000Z');
      // Submitted anew, it is paused still.
      await bed.submit(hourly('rests', ', catchUp: all', 2));
      expect(await scheduleOf('rests')).toMatchObject({ paused: true });
      const resumed = await bed.call(scheduleResume, { pipeline: 'rests' });
      expect(resumed).toMatchObject({ paused: false, next: '2026-11-23T14:00:00.000Z' });
      setClock(bed.orchestrator, at('2026-11-23T14:00:01Z'));
      await untilLast('rests', '2026-11-23T14:00:00.000Z');
      expect(await runsOf('rests')).toHaveLength(1);
      await expect(bed.call(schedulePause, { pipeline: 'nobody' })).rejects.toMatchObject({
        code: 'not_found',
      });
    });

    it('follows what is submitted: another schedule begins now, none is none', async () => {
      await bed.submit(hourly('changes'));
      setClock(bed.orchestrator, at('2026-11-23T12:30:00Z'));
      await untilLast('changes', '2026-11-23T12:00:00.000Z');
      await bed.submit(hourly('changes').replace('0 * * * *', '15 9 * * *'));
      expect(await scheduleOf('changes')).toMatchObject({
        cron: '15 9 * * *',
        next: '2026-11-24T08:15:00.000Z',
      });
      await bed.submit(hourly('changes').replace(/schedule.*\n/, ''));
      await expect(scheduleOf('changes')).rejects.toThrow('no schedule');
    });

    it('tells of a tick that can have no run', async () => {
      const refused = new Promise((resolve) =>
        bed.client.subscribe(bed.client.subjects.event('orchestrator.tick.missed'), (event) => {
          const { data } = event as { data: { pipeline: string } };
          if (data.pipeline === 'wrong') resolve(data);
        }),
      );
      await bed.submit(
        hourly('wrong', ', params: { value: 1 }').replace(
          "test.add, params: { value: '${{ params.value }}' }",
          "test.write, params: { text: '${{ params.value }}' }",
        ),
      );
      setClock(bed.orchestrator, at('2026-11-23T12:00:01Z'));
      const error = { code: 'invalid_request' };
      await eventually(async () => (await scheduleOf('wrong')).error?.code === error.code);
      expect(await refused).toMatchObject({ tick: '2026-11-23T12:00:00.000Z', error });
      expect(await runsOf('wrong')).toEqual([]);
    });

    it('refuses what can be no schedule, and keeps nothing of it', async () => {
      const refused = (schedule: string) =>
        bed.call(pipelineSubmit, { yaml: hourly('bad').replace(/schedule:.*/, `schedule: ${schedule}`) });
      await expect(refused(`{ cron: '61 * * * *', timezone: Mars/Base }`)).rejects.toMatchObject({
        code: 'invalid_request',
        details: { fields: [{ field: 'schedule.cron' }, { field: 'schedule.timezone' }] },
      });
      await expect(refused(`{ cron: '0 0 * * *', params: { valeu: 1 } }`)).rejects.toMatchObject({
        details: { fields: [{ field: 'schedule.params.valeu' }] },
      });
      await expect(scheduleOf('bad')).rejects.toThrow('no schedule');
    });

    it('previews the next ticks, on the clocks of the time zone', async () => {
      const from = '2026-10-24T12:00:00Z';
      const { items } = await bed.call(schedulePreview, {
        cron: '30 2 * * *',
        timezone: 'Europe/Berlin',
        from,
      });
      expect(items).toHaveLength(10);
      expect(items.slice(0, 2)).toEqual([
        { at: '2026-10-25T00:30:00.000Z', local: '2026-10-25T02:30:00+02:00' },
        { at: '2026-10-26T01:30:00.000Z', local: '2026-10-26T02:30:00+01:00' },
      ]);
      await bed.submit(hourly('seen'));
      expect(await bed.call(schedulePreview, { pipeline: 'seen', count: 1 })).toEqual({
        items: [{ at: '2026-11-23T12:00:00.000Z', local: '2026-11-23T13:00:00+01:00' }],
      });
      for (const [field, request] of [
        ['cron', {}],
        ['cron', { cron: 'x' }],
        ['timezone', { cron: '@daily', timezone: '../x' }],
        ['from', { cron: '@daily', from: 'soon' }],
        ['count', { cron: '@daily', count: 1_000_000 }],
      ] as const)
        await expect(bed.call(schedulePreview, request)).rejects.toMatchObject({
          code: 'invalid_request',
          details: { fields: [{ field }] },
        });
    });
  });

  const everySecond = (name: string) => hourly(name, ', catchUp: all').replace('0 * * * *', '* * * * * *');

  /** The ticks that runs were started for, as seconds, in order, with what is written in the database. */
  const secondsOf = async (bed: TestBed, pipeline: string): Promise<number[]> => {
    const dataSource = await openDataSource({
      service: 'orchestrator',
      databaseUrl: bed.env['DATABASE_URL'],
      dataDir: bed.env['DATA_DIR'] ?? '',
      entities: [],
      migrations: [],
    });
    try {
      const rows = (await dataSource.query(
        `SELECT idempotency_key AS key FROM run WHERE pipeline = '${pipeline}' ORDER BY idempotency_key`,
      )) as { key: string }[];
      return rows.map(({ key }) => at(key.slice(`schedule/${pipeline}/`.length)) / 1_000);
    } finally {
      await dataSource.destroy();
    }
  };

  const expectEachOnce = (seconds: number[], least: number): void => {
    expect(seconds.length).toBeGreaterThanOrEqual(least);
    const [first = NaN] = seconds;
    expect(seconds).toEqual(seconds.map((_, index) => first + index));
  };

  if (database.kind === 'sqlite') {
    it('an orchestrator that is killed goes on with the tick that it was at, each once', async () => {
      await using bed = await TestBed.start(database);
      await bed.orchestrator?.stop();
      await using killable = new OrchestratorProcess(bed);
      await killable.start();
      await bed.submit(everySecond('killed'));
      for (let kills = 0; kills < 2; kills++) {
        await eventually(
          async () => (await bed.call(runList, { pipeline: 'killed' })).items.length > kills * 2,
        );
        await killable.kill();
        await killable.start();
      }
      const since = Date.now();
      await eventually(async () => {
        const [schedule] = (await bed.call(scheduleList, {})).items;
        return schedule?.last !== undefined && at(schedule.last) > since;
      });
      await bed.call(schedulePause, { pipeline: 'killed' });
      expectEachOnce(await secondsOf(bed, 'killed'), 3);
    }, 60_000);
    // It is for one process.
    return;
  }

  it('two orchestrators start each tick once', async () => {
    await using bed = await TestBed.start(database);
    const second = await startService(orchestratorService, { env: bed.env, logger: bed.logger });
    await using _ = { [Symbol.asyncDispose]: () => second.stop() };
    const names = Array.from({ length: 5 }, (_value, i) => `every-second-${i}`);
    for (const name of names) await bed.submit(everySecond(name));
    const begin = Date.now();
    await eventually(async () => {
      const { items } = await bed.call(scheduleList, {});
      return items.every(({ last }) => last !== undefined && at(last) > begin + 3_000);
    });
    for (const pipeline of names) await bed.call(schedulePause, { pipeline });
    for (const pipeline of names) expectEachOnce(await secondsOf(bed, pipeline), 3);
  }, 60_000);
});
