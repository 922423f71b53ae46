import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many runs of a pipeline are under way is counted without looking at those that are over. */
export class RunningRuns1764100000070 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE INDEX idx_run_running ON run (pipeline) WHERE status = 'running'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX idx_run_running');
  }
}
