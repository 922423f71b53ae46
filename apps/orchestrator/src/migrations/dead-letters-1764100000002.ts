import type { MigrationInterface, QueryRunner } from 'typeorm';

export class DeadLetters1764100000002 implements MigrationInterface {
  /** Only the few steps that failed are in it. */
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE INDEX idx_step_failed ON step (run, position) WHERE status = 'failed'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX idx_step_failed');
  }
}
