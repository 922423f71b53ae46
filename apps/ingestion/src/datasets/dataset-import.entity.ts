import { timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which version a step made, so that doing the step again changes nothing even when its source has changed. */
@Entity('dataset_import')
export class DatasetImport {
  @PrimaryColumn('text', { name: 'idempotency_key' }) idempotencyKey: string;
  @Column('text') name: string;
  @Column('integer') version: number;
  @timestampColumn({ name: 'created_at' }) createdAt: number;
}
