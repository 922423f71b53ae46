import type { PortValue } from '@millrace/contracts';
import { jsonColumn, timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a step gave, under the key of everything that it depended on. */
@Entity('cache_entry')
export class CacheEntry {
  @PrimaryColumn('text') key: string;
  @jsonColumn() outputs: { [port: string]: PortValue };
  @jsonColumn() metrics: { [name: string]: number };
  /** Who did it. */
  @Column('text') run: string;
  @Column('text') step: string;
  @timestampColumn({ name: 'created_at' }) createdAt: number;
}
