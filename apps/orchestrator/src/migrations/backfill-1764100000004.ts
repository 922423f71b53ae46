import { column, createTable } from '@millrace/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const key = { isPrimary: true };
const maybe = { isNullable: true };

export class Backfill1764100000004 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(
      queryRunner,
      'backfill',
      {
        id: column.text(key),
        pipeline: column.text(),
        status: column.text(),
        first_date: column.text(),
        last_date: column.text(),
        every: column.text(),
        param: column.text(),
        params: column.json(),
        concurrency: column.integer(),
        idempotency_key: column.text(maybe),
        error: column.text(maybe),
        created_at: column.timestamp(),
      },
      { uniques: [['idempotency_key']], indices: [['status']] },
    );
    await createTable(queryRunner, 'backfill_date', {
      backfill: column.text(key),
      date: column.text(key),
      attempts: column.integer(),
      run: column.text(maybe),
      status: column.text(),
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['backfill_date', 'backfill']) await queryRunner.dropTable(table);
  }
}
