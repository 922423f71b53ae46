import { column, createTable } from '@millrace/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const key = { isPrimary: true };

export class Ingestion1764000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(queryRunner, 'dataset', { name: column.text(key), latest: column.integer() });
    await createTable(
      queryRunner,
      'dataset_version',
      {
        name: column.text(key),
        version: column.integer(key),
        content: column.text(),
        artifact: column.json(),
        rows: column.timestamp(),
        columns: column.json(),
        source: column.json(),
        created_at: column.timestamp(),
      },
      { uniques: [['name', 'content']] },
    );
    await createTable(queryRunner, 'dataset_import', {
      idempotency_key: column.text(key),
      name: column.text(),
      version: column.integer(),
      created_at: column.timestamp(),
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['dataset_import', 'dataset_version', 'dataset']) await queryRunner.dropTable(table);
  }
}
