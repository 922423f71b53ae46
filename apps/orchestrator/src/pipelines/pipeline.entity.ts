import type { PipelineDefinition } from '@millrace/contracts';
import { jsonColumn, timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A pipeline by its name, and which of its versions is the latest. */
@Entity('pipeline')
export class Pipeline {
  @PrimaryColumn('text') name: string;
  @Column('integer') version: number;
}

/** One submission. Never changed. */
@Entity('pipeline_version')
export class PipelineVersion {
  @PrimaryColumn('text') name: string;
  @PrimaryColumn('integer') version: number;
  @jsonColumn() definition: PipelineDefinition;
  @timestampColumn({ name: 'created_at' }) createdAt: number;
}
