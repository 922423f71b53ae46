import type { JsonValue, LineageStep, PortValue } from '@millrace/contracts';
import { jsonColumn, timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a step made of what, and by which code. Outlives its run. */
@Entity('lineage_step')
export class LineageStepRow {
  @PrimaryColumn('text') run: string;
  @PrimaryColumn('text') step: string;
  @Column('text') pipeline: string;
  @Column('integer', { name: 'pipeline_version' }) pipelineVersion: number;
  /** The run that began this one, and the one that did the step, where there are such. */
  @Column('text', { nullable: true }) parent: string | null;
  @Column('text', { nullable: true }) child: string | null;
  @Column('text') component: string;
  @Column('text', { name: 'component_version' }) componentVersion: string;
  @Column('text') status: LineageStep['status'];
  @jsonColumn() params: { [name: string]: JsonValue };
  @jsonColumn() inputs: { [port: string]: PortValue };
  @jsonColumn() outputs: { [port: string]: PortValue };
  @timestampColumn() at: number;
}

/** An artifact at a port of a step. */
@Entity('lineage_artifact')
export class LineageArtifactRow {
  @PrimaryColumn('text') digest: string;
  @PrimaryColumn('text') run: string;
  @PrimaryColumn('text') step: string;
  @PrimaryColumn('text') direction: 'in' | 'out';
  @Column('text') type: string;
}
