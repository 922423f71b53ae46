import { timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('run_log')
export class LogLine {
  /** Given out by the database, in the order of writing; all lines of a run are written under its row's lock. */
  @PrimaryGeneratedColumn() id?: number;
  @Column('text') run: string;
  @Column('text', { nullable: true }) step: string | null;
  @timestampColumn() at: number;
  @Column('text') level: string;
  @Column('text') message: string;
  /** Of a worker's line: who numbered it, … */
  @Column('text', { nullable: true }) source?: string | null;
  /** … and its number there. Both are one line's only. */
  @timestampColumn({ nullable: true }) n?: number | null;
}
