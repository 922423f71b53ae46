import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row per name; whoever adds a version locks it. */
@Entity('dataset')
export class Dataset {
  @PrimaryColumn('text') name: string;
  @Column('integer') latest: number;
}
