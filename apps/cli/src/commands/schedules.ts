import {
  scheduleList,
  schedulePause,
  schedulePreview,
  scheduleResume,
  triggerList,
  type ScheduleView,
  type TriggerView,
} from '@millrace/contracts';
import { moment } from '../output/format.js';
import { table, type Cell } from '../output/table.js';
import type { Context } from './context.js';
import { listed, type Paging } from './paging.js';

const scheduleRow = (schedule: ScheduleView): Cell[] => [
  schedule.pipeline,
  schedule.cron,
  schedule.timezone,
  schedule.paused ? 'paused' : moment(schedule.next),
  moment(schedule.last),
  schedule.error?.message,
];

const scheduleTable = (schedules: ScheduleView[]): string =>
  table(['pipeline', 'cron', 'time zone', 'next (UTC)', 'last (UTC)', 'problem'], schedules.map(scheduleRow));

export const schedules = async (context: Context, paging: Paging): Promise<void> => {
  await using session = await context.connect();
  const page = await session.client.request(scheduleList, paging);
  context.output.result(page, () => listed(page, 'no schedules yet', () => scheduleTable(page.items)));
};

const changing =
  (operation: typeof schedulePause) =>
  async (context: Context, pipeline: string): Promise<void> => {
    await using session = await context.connect();
    const schedule = await session.client.request(operation, { pipeline });
    context.output.result(schedule, () => scheduleTable([schedule]));
  };

export const pauseSchedule = changing(schedulePause);
export const resumeSchedule = changing(scheduleResume);

export interface PreviewOptions {
  timezone?: string;
  from?: string;
  count?: number;
}

/** Of a pipeline, or of a cron expression: only that has spaces, or begins with an @. */
export const previewSchedule = async (
  context: Context,
  what: string,
  options: PreviewOptions,
): Promise<void> => {
  await using session = await context.connect();
  const subject = /[\s@]/.test(what) ? { cron: what } : { pipeline: what };
  const ticks = await session.client.request(schedulePreview, { ...subject, ...options });
  context.output.result(ticks, () =>
    listed(ticks, 'never', () =>
      table(
        ['at (UTC)', 'local'],
        ticks.items.map(({ at, local }) => [moment(at), local]),
      ),
    ),
  );
};

const triggerRow = (trigger: TriggerView): Cell[] => [
  trigger.pipeline,
  trigger.event ?? trigger.subject,
  trigger.when,
  trigger.delivery,
  trigger.fired,
  trigger.refused,
  trigger.error?.message,
];

export const triggers = async (
  context: Context,
  { pipeline, ...paging }: Paging & { pipeline?: string },
): Promise<void> => {
  await using session = await context.connect();
  const page = await session.client.request(triggerList, { ...paging, ...(pipeline ? { pipeline } : {}) });
  context.output.result(page, () =>
    listed(page, 'no triggers yet', () =>
      table(
        ['pipeline', 'on', 'when', 'delivery', 'fired', 'refused', 'problem'],
        page.items.map(triggerRow),
      ),
    ),
  );
};
