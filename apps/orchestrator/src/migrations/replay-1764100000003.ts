import { column, createTable } from '@millrace/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Replay1764100000003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(queryRunner, 'replay', {
      run: column.text({ isPrimary: true }),
      of: column.text(),
      kept: column.json(),
      created_at: column.timestamp(),
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('replay');
  }
}
