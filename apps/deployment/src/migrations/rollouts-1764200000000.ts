import { column, createTable } from '@millrace/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const added = ['rollout text', 'routing text', 'execution text', 'due_at bigint'];

/** How one version takes the place of another. */
export class Rollouts1764200000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const one of added) await queryRunner.query(`ALTER TABLE endpoint ADD COLUMN ${one}`);
    await queryRunner.query('CREATE INDEX idx_endpoint_due_at ON endpoint (due_at)');
    await queryRunner.query('ALTER TABLE deployment ADD COLUMN rollout integer');
    await createTable(queryRunner, 'rollout', {
      endpoint: column.text({ isPrimary: true }),
      number: column.integer({ isPrimary: true }),
      phase: column.text(),
      state: column.json(),
      updated_at: column.timestamp(),
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('rollout');
    await queryRunner.query('ALTER TABLE deployment DROP COLUMN rollout');
    await queryRunner.query('DROP INDEX idx_endpoint_due_at');
    for (const one of added)
      await queryRunner.query(`ALTER TABLE endpoint DROP COLUMN ${one.split(' ')[0]!}`);
  }
}
