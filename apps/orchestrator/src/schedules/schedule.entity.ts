import type { ErrorBody, JsonValue } from '@millrace/contracts';
import { jsonColumn, timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CatchUp, Schedule } from './schedule.js';

/** The schedule of a pipeline's latest version, and how far it has come. Times in epoch milliseconds. */
@Entity('schedule')
export class ScheduleRow implements Schedule {
  @PrimaryColumn('text') pipeline: string;
  @Column('text') cron: string;
  @Column('text') timezone: string;
  @Column('text', { name: 'catch_up' }) catchUp: CatchUp;
  @jsonColumn() params: { [name: string]: JsonValue };
  @Column('boolean') paused: boolean;
  /** Ticks up to here are settled. Who moves it must have seen where it was: so each tick is started once. */
  @timestampColumn() mark: number;
  /** When to look at it again; `null` where no tick will follow. */
  @timestampColumn({ name: 'look_at', nullable: true }) lookAt: number | null;
  @timestampColumn({ name: 'last_tick', nullable: true }) lastTick: number | null;
  @Column('text', { name: 'last_run', nullable: true }) lastRun: string | null;
  @jsonColumn({ nullable: true }) error: ErrorBody | null;
}
