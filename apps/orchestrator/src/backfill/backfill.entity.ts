import type { BackfillStatus, BackfillUnit } from '@millrace/contracts';
import { jsonColumn, timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('backfill')
export class BackfillRow {
  /** Sorts by the time of its beginning. */
  @PrimaryColumn('text') id: string;
  @Column('text') pipeline: string;
  @Column('text') status: BackfillStatus;
  @Column('text', { name: 'first_date' }) from: string;
  @Column('text', { name: 'last_date' }) to: string;
  @Column('text') every: BackfillUnit;
  @Column('text') param: string;
  @jsonColumn() params: { [name: string]: unknown };
  @Column('integer') concurrency: number;
  @Column('text', { name: 'idempotency_key', nullable: true }) idempotencyKey: string | null;
  /** Why no run could be started. */
  @Column('text', { nullable: true }) error: string | null;
  @timestampColumn({ name: 'created_at' }) createdAt: number;
}

@Entity('backfill_date')
export class BackfillDateRow {
  @PrimaryColumn('text') backfill: string;
  @PrimaryColumn('text') date: string;
  /** How many runs there were; the next one's key follows from it. */
  @Column('integer') attempts: number;
  @Column('text', { nullable: true }) run: string | null;
  /** As the run ended; kept when the run is pruned. */
  @Column('text') status: 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled';
}
