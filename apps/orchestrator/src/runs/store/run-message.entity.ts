import { jsonColumn } from '@millrace/persistence';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { RunMessage } from '../decide/run-message.js';

/** What one run has to tell another and has not told it yet. */
@Entity('run_message')
export class RunMessageRow {
  /** Given out by the database: what one run tells another is told in this order. */
  @PrimaryGeneratedColumn() id?: number;
  /** Whom it is told. */
  @Column('text') run: string;
  @jsonColumn() message: RunMessage;
}
