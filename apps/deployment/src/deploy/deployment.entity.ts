import { timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which revision a request made, so that asking again changes nothing. */
@Entity('deployment')
export class Deployment {
  @PrimaryColumn('text', { name: 'idempotency_key' }) idempotencyKey: string;
  @Column('text') endpoint: string;
  @Column('text') model: string;
  @Column('integer') version: number;
  @Column('integer') revision: number;
  /** Undefined in what was deployed before there were rollouts. */
  @Column('integer', { nullable: true }) rollout: number | null;
  @timestampColumn({ name: 'created_at' }) createdAt: number;
}
