import { column, createTable } from '@millrace/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const maybe = { isNullable: true };

export class Schedules1764100000100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(
      queryRunner,
      'schedule',
      {
        pipeline: column.text({ isPrimary: true }),
        cron: column.text(),
        timezone: column.text(),
        catch_up: column.text(),
        params: column.json(),
        paused: column.boolean(),
        mark: column.timestamp(),
        look_at: column.timestamp(maybe),
        last_tick: column.timestamp(maybe),
        last_run: column.text(maybe),
        error: column.json(maybe),
      },
      { indices: [['look_at']] },
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('schedule');
  }
}
