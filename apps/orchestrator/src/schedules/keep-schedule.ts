import type { PipelineDefinition } from '@millrace/contracts';
import type { EntityManager } from 'typeorm';
import { writeRows } from '../database/write-rows.js';
import { cronOf } from './cron.js';
import { ScheduleRow } from './schedule.entity.js';
import { scheduleOf } from './schedule.js';

/**
 * Brings the schedule in line with a new version of its pipeline. One that is due at the same times goes on where it
 * was; any other begins now. Paused stays paused.
 */
export const keepSchedule = async (
  em: EntityManager,
  definition: PipelineDefinition,
  now: number,
): Promise<void> => {
  const { name: pipeline } = definition;
  const schedule = scheduleOf(definition);
  if (!schedule) return void (await em.delete(ScheduleRow, { pipeline }));
  const known = await em.findOneBy(ScheduleRow, { pipeline });
  const same = known?.cron === schedule.cron && known.timezone === schedule.timezone;
  const row = same
    ? { ...known, ...schedule }
    : {
        pipeline,
        ...schedule,
        paused: known?.paused ?? false,
        mark: now,
        lookAt: known?.paused ? null : (cronOf(schedule.cron, schedule.timezone).after(now) ?? null),
        lastTick: known?.lastTick ?? null,
        lastRun: known?.lastRun ?? null,
        error: null,
      };
  await writeRows(em, ScheduleRow, [row], { replace: true });
};
