import type { ColumnProfile } from '@millrace/contracts';
import { jsonColumn, timestampColumn } from '@millrace/persistence';
import { Entity, PrimaryColumn } from 'typeorm';

@Entity('profile')
export class Profile {
  /** Digest of the dataset artifact. */
  @PrimaryColumn('text') dataset: string;
  @jsonColumn() columns: ColumnProfile[];
  /** What the data itself suggests to expect. */
  @jsonColumn() expectations: object[];
  @timestampColumn({ name: 'created_at' }) createdAt: number;
}
