import { timestampColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('run_log')
export class LogLine {
  /** Given out by the database, in the order of writing. */
  @PrimaryGeneratedColumn() id?: number;
  @Column('text') run: string;
  @Column('text', { nullable: true }) step: string | null;
  @timestampColumn() at: number;
  @Column('text') level: string;
  @Column('text') message: string;
}
