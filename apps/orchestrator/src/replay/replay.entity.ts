import { jsonColumn, timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A run that repeats another one. */
@Entity('replay')
export class ReplayRow {
  @PrimaryColumn('text') run: string;
  @Column('text') of: string;
  /** Names of the steps whose results were taken over. */
  @jsonColumn() kept: string[];
  @timestampColumn({ name: 'created_at' }) createdAt: number;
}
