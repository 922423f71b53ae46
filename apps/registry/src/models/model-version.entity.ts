import type { ArtifactRef, LearningTask, ModelSignature } from '@millrace/contracts';
import { jsonColumn, timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('model_version')
export class ModelVersion {
  @PrimaryColumn('text') name: string;
  /** 1, 2, 3 … per model. */
  @PrimaryColumn('integer') version: number;
  @Column('text', { name: 'idempotency_key', unique: true }) idempotencyKey: string;
  @jsonColumn() model: ArtifactRef;
  @jsonColumn({ nullable: true }) report: ArtifactRef | null;
  @jsonColumn() signature: ModelSignature;
  @Column('text') task: LearningTask;
  @jsonColumn() metrics: Record<string, number>;
  @jsonColumn() lineage: object;
  @timestampColumn({ name: 'created_at' }) createdAt: number;
}
