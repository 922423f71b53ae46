import type { MigrationInterface, QueryRunner } from 'typeorm';
import { column } from './column.js';
import { createTable } from './create-table.js';

/** What every service's database has: who owns it, the outbox, the inbox. */
export class Messages1700000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(queryRunner, 'millrace_owner', { service: column.text({ isPrimary: true }) });
    await createTable(queryRunner, 'outbox', {
      id: {
        ...column.increment(),
        ...(queryRunner.dataSource.options.type === 'postgres' ? { type: 'bigint' } : {}),
      },
      subject: column.text(),
      message_id: column.text(),
      payload: column.text(),
      headers: column.json(),
      created_at: column.timestamp(),
    });
    await createTable(
      queryRunner,
      'inbox',
      {
        consumer: column.text({ isPrimary: true }),
        message_id: column.text({ isPrimary: true }),
        seen_at: column.timestamp(),
      },
      { indices: [['seen_at']] },
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['inbox', 'outbox', 'millrace_owner']) await queryRunner.dropTable(table);
  }
}
