import type { ArtifactRef, ColumnSchema } from '@millrace/contracts';
import { jsonColumn, timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('dataset_version')
export class DatasetVersion {
  @PrimaryColumn('text') name: string;
  @PrimaryColumn('integer') version: number;
  /** Digests of the files: the same content under the same name is the same version, wherever it came from. */
  @Column('text') content: string;
  @jsonColumn() artifact: ArtifactRef;
  @timestampColumn() rows: number;
  @jsonColumn() columns: ColumnSchema[];
  @jsonColumn() source: object;
  @timestampColumn({ name: 'created_at' }) createdAt: number;
}
