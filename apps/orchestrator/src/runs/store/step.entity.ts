import type { ErrorBody, PortValue, StepStatus } from '@millrace/contracts';
import { jsonColumn, timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { StepState } from '../decide/state.js';

@Entity('step')
export class StepRow {
  @PrimaryColumn('text') run: string;
  /** In the plan, in topological order. */
  @PrimaryColumn('integer') position: number;
  @Column('text') name: string;
  @Column('text') component: string;
  @Column('text') status: StepStatus;
  @Column('integer') attempt: number;
  @Column('integer', { name: 'attempts_before', nullable: true }) attemptsBefore: number | null;
  @Column('integer') token: number;
  @Column('integer') lapses: number;
  @Column('integer', { nullable: true }) crashes: number | null;
  @timestampColumn({ nullable: true }) deadline: number | null;
  @timestampColumn({ name: 'give_up_at', nullable: true }) giveUpAt: number | null;
  @timestampColumn({ name: 'due_at', nullable: true }) dueAt: number | null;
  /** Since when it waits for room of its component. */
  @timestampColumn({ name: 'held_at', nullable: true }) heldAt: number | null;
  /** `null` in steps from before there were priorities. */
  @Column('integer', { nullable: true }) priority: number | null;
  @Column('text', { nullable: true }) worker: string | null;
  @Column('text', { nullable: true }) probe: string | null;
  @timestampColumn({ name: 'queued_at', nullable: true }) queuedAt: number | null;
  @timestampColumn({ name: 'started_at', nullable: true }) startedAt: number | null;
  @timestampColumn({ name: 'finished_at', nullable: true }) finishedAt: number | null;
  @jsonColumn({ nullable: true }) outputs: { [port: string]: PortValue } | null;
  @jsonColumn({ nullable: true }) metrics: { [name: string]: number } | null;
  @jsonColumn({ nullable: true }) error: ErrorBody | null;
  @Column('text', { name: 'cache_key', nullable: true }) cacheKey: string | null;
  /** Of a step that runs another pipeline: the run that does it, and how that was told to end. */
  @Column('text', { nullable: true }) child: string | null;
  @Column('text', { nullable: true }) stopping: StepState['stopping'] | null;
  /** Of an instance: position of its step, which one it is, and what of. */
  @Column('integer', { nullable: true }) parent: number | null;
  @Column('integer', { nullable: true }) ordinal: number | null;
  @jsonColumn({ nullable: true }) item: unknown;
  /** The run's revision at which this step last changed. */
  @Column('integer') revision: number;
}
