import type { ArtifactRef } from '@millrace/contracts';
import { jsonColumn, timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The record of one fit. */
@Entity('experiment')
export class Experiment {
  /** `<run>.<step>`: doing a step again replaces its record. */
  @PrimaryColumn('text') id: string;
  @Column('text') run: string;
  @Column('text') step: string;
  @Column('text') estimator: string;
  @jsonColumn() params: object;
  @jsonColumn() metrics: Record<string, number>;
  @jsonColumn() curve: Record<string, number>[];
  @jsonColumn() inputs: Record<string, string>;
  @jsonColumn() model: ArtifactRef;
  @timestampColumn({ name: 'duration_ms' }) durationMs: number;
  @timestampColumn({ name: 'created_at' }) createdAt: number;
}
