import { timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The last that an inference replica said of an endpoint. */
@Entity('replica')
export class Replica {
  @PrimaryColumn('text') endpoint: string;
  @PrimaryColumn('text') replica: string;
  @Column('integer') revision: number;
  @Column('text') state: 'ready' | 'failed';
  @Column('text', { nullable: true }) code: string | null;
  @Column('text', { nullable: true }) error: string | null;
  /** By our clock. */
  @timestampColumn({ name: 'heard_at' }) heardAt: number;
}
