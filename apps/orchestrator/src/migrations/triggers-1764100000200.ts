import { column, createTable } from '@millrace/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const key = { isPrimary: true };
const maybe = { isNullable: true };

export class Triggers1764100000200 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(
      queryRunner,
      'pipeline_trigger',
      {
        id: column.text(key),
        pipeline: column.text(),
        event: column.text(maybe),
        subject: column.text(maybe),
        condition: column.text(maybe),
        params: column.json(),
        since: column.timestamp(),
        fired: column.integer(),
        refused: column.integer(),
        last_run: column.text(maybe),
        last_fired_at: column.timestamp(maybe),
        error: column.json(maybe),
      },
      { indices: [['pipeline'], ['event']] },
    );
    await createTable(
      queryRunner,
      'trigger_firing',
      {
        trigger_id: column.text(key),
        message: column.text(key),
        run: column.text(),
        trace: column.text(),
        depth: column.integer(),
        at: column.timestamp(),
      },
      { indices: [['trigger_id', 'at'], ['run'], ['trace'], ['at']] },
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['trigger_firing', 'pipeline_trigger']) await queryRunner.dropTable(table);
  }
}
