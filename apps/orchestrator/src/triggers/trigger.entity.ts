import type { ErrorBody, ParamValues } from '@millrace/contracts';
import { jsonColumn, timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A trigger of a pipeline's latest version, and what it did. Times in epoch milliseconds. */
@Entity('pipeline_trigger')
export class TriggerRow {
  /** Made from what it says, so that it stays the same through new versions that leave it alone. */
  @PrimaryColumn('text') id: string;
  @Column('text') pipeline: string;
  /** One of these two. */
  @Column('text', { nullable: true }) event: string | null;
  @Column('text', { nullable: true }) subject: string | null;
  @Column('text', { name: 'condition', nullable: true }) when: string | null;
  @jsonColumn() params: ParamValues;
  /** What happened earlier is none of its business. */
  @timestampColumn() since: number;
  @Column('integer') fired: number;
  @Column('integer') refused: number;
  @Column('text', { name: 'last_run', nullable: true }) lastRun: string | null;
  @timestampColumn({ name: 'last_fired_at', nullable: true }) lastFiredAt: number | null;
  @jsonColumn({ nullable: true }) error: ErrorBody | null;
}
