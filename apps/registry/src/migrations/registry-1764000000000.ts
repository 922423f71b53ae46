import { column, createTable } from '@millrace/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const key = { isPrimary: true };

export class Registry1764000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(queryRunner, 'model_version', {
      name: column.text(key),
      version: column.integer(key),
      idempotency_key: column.text({ isUnique: true }),
      model: column.json(),
      report: column.json({ isNullable: true }),
      signature: column.json(),
      task: column.text(),
      metrics: column.json(),
      lineage: column.json(),
      created_at: column.timestamp(),
    });
    await createTable(queryRunner, 'model_alias', {
      name: column.text(key),
      alias: column.text(key),
      version: column.integer(),
      changed_at: column.timestamp(),
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['model_alias', 'model_version']) await queryRunner.dropTable(table);
  }
}
