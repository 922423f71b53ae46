import { column, createTable } from '@millrace/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Validation1764000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(queryRunner, 'profile', {
      dataset: column.text({ isPrimary: true }),
      columns: column.json(),
      expectations: column.json(),
      created_at: column.timestamp(),
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('profile');
  }
}
