import { timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** That a trigger started a run because of a message: written with the run, so each message starts one. */
@Entity('trigger_firing')
export class FiringRow {
  @PrimaryColumn('text', { name: 'trigger_id' }) trigger: string;
  @PrimaryColumn('text') message: string;
  @Column('text') run: string;
  /** Id of the trace that the run begins: what the run causes is known by it. */
  @Column('text') trace: string;
  /** How many triggers set one another off until here; 1 where no triggered run was the cause. */
  @Column('integer') depth: number;
  /** Epoch milliseconds. */
  @timestampColumn() at: number;
}
