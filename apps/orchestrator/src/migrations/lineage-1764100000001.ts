import { column, createTable } from '@millrace/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const key = { isPrimary: true };

export class Lineage1764100000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(queryRunner, 'lineage_step', {
      run: column.text(key),
      step: column.text(key),
      pipeline: column.text(),
      pipeline_version: column.integer(),
      component: column.text(),
      component_version: column.text(),
      status: column.text(),
      params: column.json(),
      inputs: column.json(),
      outputs: column.json(),
      at: column.timestamp(),
    });
    await createTable(
      queryRunner,
      'lineage_artifact',
      {
        digest: column.text(key),
        run: column.text(key),
        step: column.text(key),
        direction: column.text(key),
        type: column.text(),
      },
      { indices: [['run', 'step']] },
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['lineage_artifact', 'lineage_step']) await queryRunner.dropTable(table);
  }
}
