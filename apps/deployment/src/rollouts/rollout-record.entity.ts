import { jsonColumn, timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Rollout } from './rollout.js';

/** Every rollout as it was when it last entered a phase. What is under way lives with its endpoint. */
@Entity('rollout')
export class RolloutRecord {
  @PrimaryColumn('text') endpoint: string;
  @PrimaryColumn('integer') number: number;
  @Column('text') phase: string;
  @jsonColumn() state: Rollout;
  @timestampColumn({ name: 'updated_at' }) updatedAt: number;
}
