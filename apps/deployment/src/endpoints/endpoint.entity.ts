import type { Target } from '@millrace/contracts';
import { jsonColumn, timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('endpoint')
export class Endpoint {
  @PrimaryColumn('text') name: string;
  /** Goes on growing when an endpoint is removed and comes back, so that a replica never takes old for new. */
  @Column('integer') revision: number;
  /** Weights in percent; their sum is 100. */
  @jsonColumn() targets: Target[];
  @timestampColumn({ name: 'updated_at' }) updatedAt: number;
  @timestampColumn({ name: 'removed_at', nullable: true }) removedAt: number | null;
  /** Out of memory everywhere since then; its targets are what a load brings back. */
  @timestampColumn({ name: 'unloaded_at', nullable: true }) unloadedAt: number | null;
}
