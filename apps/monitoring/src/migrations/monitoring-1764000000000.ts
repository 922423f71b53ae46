import { column, createTable } from '@millrace/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const key = { isPrimary: true };

export class Monitoring1764000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(
      queryRunner,
      'prediction_window',
      {
        endpoint: column.text(key),
        model: column.text(key),
        version: column.integer(key),
        starts_at: column.timestamp(key),
        requests: column.timestamp(),
        rows: column.timestamp(),
        errors: column.timestamp(),
        latency: column.json(),
        sketches: column.json(),
      },
      { indices: [['endpoint', 'starts_at'], ['starts_at']] },
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('prediction_window');
  }
}
