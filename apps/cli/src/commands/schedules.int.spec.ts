import { NotFound } from '@millrace/contracts';
import { TestCli } from '../testing/test-cli.js';

const schedule = {
  pipeline: 'nightly',
  cron: '0 6 * * 1-5',
  timezone: 'Europe/Berlin',
  catchUp: 'latest',
  params: {},
  paused: false,
  next: '2026-11-24T05:00:00.000Z',
  last: '2026-11-23T05:00:00.000Z',
};

describe('millrace schedules and triggers', () => {
  let cli: TestCli;
  beforeAll(async () => void (cli = await TestCli.start()));
  afterAll(() => cli.stop());

  const linesOf = async (...args: string[]) => (await cli.run(args)).stdout.trim().split('\n');

  it('lists schedules', async () => {
    await cli.answer('orchestrator.schedule.list', () => ({ items: [schedule] }));
    expect(await linesOf('schedules')).toEqual([
      'PIPELINE  CRON         TIME ZONE      NEXT (UTC)           LAST (UTC)           PROBLEM',
      'nightly   0 6 * * 1-5  Europe/Berlin  2026-11-24 05:00:00  2026-11-23 05:00:00  -',
    ]);
    expect(JSON.parse((await cli.run(['schedules', '--json'])).stdout)).toEqual({ items: [schedule] });
  });

  it('pauses and resumes them', async () => {
    const paused = await cli.answer('orchestrator.schedule.pause', ({ pipeline }) => {
      if (pipeline !== 'nightly') throw new NotFound('schedule', String(pipeline));
      return { ...schedule, paused: true };
    });
    await cli.answer('orchestrator.schedule.resume', () => schedule);
    expect((await linesOf('schedule', 'pause', 'nightly'))[1]).toContain('Europe/Berlin  paused');
    expect(paused).toEqual([{ pipeline: 'nightly' }]);
    expect((await linesOf('schedule', 'resume', 'nightly'))[1]).toContain('2026-11-24 05:00:00');
    expect(await cli.run(['schedule', 'pause', 'lost'])).toMatchObject({
      exitCode: 4,
      stderr: "millrace: schedule 'lost' does not exist\n",
    });
  });

  it('previews a pipeline, or an expression', async () => {
    const tick = { at: '2026-11-24T05:00:00.000Z', local: '2026-11-24T06:00:00+01:00' };
    const asked = await cli.answer('orchestrator.schedule.preview', () => ({ items: [tick] }));
    expect((await linesOf('schedule', 'preview', 'nightly'))[1]).toBe(`2026-11-24 05:00:00  ${tick.local}`);
    await cli.run(['schedule', 'preview', '0 6 * * *', '--timezone', 'Europe/Berlin', '--count', '3']);
    await cli.run(['schedule', 'preview', '@daily']);
    expect(asked).toEqual([
      { pipeline: 'nightly' },
      { cron: '0 6 * * *', timezone: 'Europe/Berlin', count: 3 },
      { cron: '@daily' },
    ]);
  });

  it('lists triggers', async () => {
    const trigger = { trigger: 't', pipeline: 'on-alarm', subject: 'plant.alarm', when: 'event.level > 3' };
    const error = { code: 'overloaded', message: 'more than 60 runs within a minute', retryable: false };
    const items = [{ ...trigger, params: {}, delivery: 'core', fired: 60, refused: 3, error }];
    const asked = await cli.answer('orchestrator.trigger.list', () => ({ items }));
    expect((await linesOf('triggers', '--pipeline', 'on-alarm'))[1]?.split(/ {2,}/)).toEqual([
      'on-alarm',
      'plant.alarm',
      'event.level > 3',
      'core',
      '60',
      '3',
      error.message,
    ]);
    expect(asked).toEqual([{ pipeline: 'on-alarm' }]);
  });
});
