import { column, createTable } from '@millrace/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Training1764000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(
      queryRunner,
      'experiment',
      {
        id: column.text({ isPrimary: true }),
        run: column.text(),
        step: column.text(),
        estimator: column.text(),
        params: column.json(),
        metrics: column.json(),
        curve: column.json(),
        inputs: column.json(),
        model: column.json(),
        duration_ms: column.timestamp(),
        created_at: column.timestamp(),
      },
      { indices: [['created_at', 'id']] },
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('experiment');
  }
}
