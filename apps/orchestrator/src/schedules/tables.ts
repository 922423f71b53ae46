import { Schedules1764100000100 } from '../migrations/schedules-1764100000100.js';
import { ScheduleRow } from './schedule.entity.js';

export const scheduleEntities = [ScheduleRow];
export const scheduleMigrations = [Schedules1764100000100];
