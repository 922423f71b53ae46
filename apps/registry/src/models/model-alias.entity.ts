import { timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('model_alias')
export class ModelAlias {
  @PrimaryColumn('text') name: string;
  @PrimaryColumn('text') alias: string;
  @Column('integer') version: number;
  @timestampColumn({ name: 'changed_at' }) changedAt: number;
}
