import type { ComponentDescriptor } from '@millrace/contracts';
import { jsonColumn, timestampColumn } from '@millrace/persistence';
import { Entity, PrimaryColumn } from 'typeorm';

/** A component that was seen, in one of its versions. Kept for good: runs refer to it. */
@Entity('component')
export class ComponentRow {
  @PrimaryColumn('text') name: string;
  @PrimaryColumn('text') version: string;
  @jsonColumn() descriptor: ComponentDescriptor;
  @timestampColumn({ name: 'seen_at' }) seenAt: number;
}
