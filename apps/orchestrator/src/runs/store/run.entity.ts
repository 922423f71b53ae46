import type { ErrorBody, JsonValue, RunStatus } from '@millrace/contracts';
import { jsonColumn, timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('run')
export class RunRow {
  /** Sorts by the time of its beginning. */
  @PrimaryColumn('text') id: string;
  @Column('text') pipeline: string;
  @Column('integer', { name: 'pipeline_version' }) pipelineVersion: number;
  @Column('text') status: RunStatus;
  /** `null` in runs from before there were pauses. */
  @Column('boolean', { nullable: true }) paused: boolean | null;
  /** Of the steps that say nothing of their own, and among runs that are pending: 0…9, 9 first. */
  @Column('integer') priority: number;
  @jsonColumn() params: { [name: string]: JsonValue };
  /** Component → version that the run began with. */
  @jsonColumn() components: { [name: string]: string };
  /** Pipeline → version that the run began with, of those that its steps run; `null` in runs from before there were such steps. */
  @jsonColumn({ nullable: true }) pipelines: { [name: string]: number } | null;
  @Column('boolean', { name: 'use_cache' }) useCache: boolean;
  @Column('text', { name: 'idempotency_key', nullable: true }) idempotencyKey: string | null;
  @Column('text', { nullable: true }) traceparent: string | null;
  /** Of a run that was begun for a step: the run, the step's name, and the attempt that its end is told for. */
  @Column('text', { nullable: true }) parent: string | null;
  @Column('text', { name: 'parent_step', nullable: true }) parentStep: string | null;
  @Column('integer', { name: 'parent_attempt', nullable: true }) parentAttempt: number | null;
  /** Grows with every change of the run or of a step: who changes it must have seen the last one. */
  @Column('integer') revision: number;
  @jsonColumn({ nullable: true }) error: ErrorBody | null;
  @timestampColumn({ name: 'created_at' }) createdAt: number;
  @timestampColumn({ name: 'finished_at', nullable: true }) finishedAt: number | null;
}
