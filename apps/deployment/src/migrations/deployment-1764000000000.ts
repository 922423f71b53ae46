import { column, createTable } from '@millrace/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const key = { isPrimary: true };

export class Deployment1764000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(queryRunner, 'endpoint', {
      name: column.text(key),
      revision: column.integer(),
      targets: column.json(),
      updated_at: column.timestamp(),
      removed_at: column.timestamp({ isNullable: true }),
    });
    await createTable(queryRunner, 'deployment', {
      idempotency_key: column.text(key),
      endpoint: column.text(),
      model: column.text(),
      version: column.integer(),
      revision: column.integer(),
      created_at: column.timestamp(),
    });
    await createTable(queryRunner, 'replica', {
      endpoint: column.text(key),
      replica: column.text(key),
      revision: column.integer(),
      state: column.text(),
      code: column.text({ isNullable: true }),
      error: column.text({ isNullable: true }),
      heard_at: column.timestamp(),
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['replica', 'deployment', 'endpoint']) await queryRunner.dropTable(table);
  }
}
