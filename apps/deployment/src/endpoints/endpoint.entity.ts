import type { ExecutionOptions, RoutingOptions, Target } from '@millrace/contracts';
import { jsonColumn, timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Rollout } from '../rollouts/rollout.js';

@Entity('endpoint')
export class Endpoint {
  @PrimaryColumn('text') name: string;
  /** Goes on growing when an endpoint is removed and comes back, so that a replica never takes old for new. */
  @Column('integer') revision: number;
  /** Weights in percent; their sum is 100. */
  @jsonColumn() targets: Target[];
  @jsonColumn({ nullable: true }) routing: RoutingOptions | null;
  @jsonColumn({ nullable: true }) execution: ExecutionOptions | null;
  /** The last one, also when it has ended. */
  @jsonColumn({ nullable: true }) rollout: Rollout | null;
  /** When time alone may change the rollout. */
  @timestampColumn({ name: 'due_at', nullable: true }) dueAt: number | null;
  @timestampColumn({ name: 'updated_at' }) updatedAt: number;
  @timestampColumn({ name: 'removed_at', nullable: true }) removedAt: number | null;
  /** Out of memory everywhere since then; its targets are what a load brings back. */
  @timestampColumn({ name: 'unloaded_at', nullable: true }) unloadedAt: number | null;
}
