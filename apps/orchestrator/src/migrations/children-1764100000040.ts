import { column, createTable } from '@millrace/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Steps that are runs of other pipelines. */
export class Children1764100000040 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const added of [
      'run ADD COLUMN pipelines text',
      'run ADD COLUMN parent text',
      'run ADD COLUMN parent_step text',
      'run ADD COLUMN parent_attempt integer',
      'step ADD COLUMN child text',
      'step ADD COLUMN stopping text',
      'lineage_step ADD COLUMN parent text',
      'lineage_step ADD COLUMN child text',
    ])
      await queryRunner.query(`ALTER TABLE ${added}`);
    // An attempt of a step has one run.
    await queryRunner.query(
      `CREATE UNIQUE INDEX idx_run_parent ON run (parent, parent_step, parent_attempt) WHERE parent IS NOT NULL`,
    );
    await createTable(
      queryRunner,
      'run_message',
      {
        id: {
          ...column.increment(),
          ...(queryRunner.dataSource.options.type === 'postgres' ? { type: 'bigint' } : {}),
        },
        run: column.text(),
        message: column.json(),
      },
      { indices: [['run', 'id']] },
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('run_message');
    await queryRunner.query('DROP INDEX idx_run_parent');
    for (const dropped of [
      'lineage_step DROP COLUMN child',
      'lineage_step DROP COLUMN parent',
      'step DROP COLUMN stopping',
      'step DROP COLUMN child',
      'run DROP COLUMN parent_attempt',
      'run DROP COLUMN parent_step',
      'run DROP COLUMN parent',
      'run DROP COLUMN pipelines',
    ])
      await queryRunner.query(`ALTER TABLE ${dropped}`);
  }
}
