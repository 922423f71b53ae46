import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Workers' lines have a number, so that one that is reported again is kept once. */
export class RunLog1764100000050 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE run_log ADD COLUMN source text');
    await queryRunner.query('ALTER TABLE run_log ADD COLUMN n bigint');
    await queryRunner.query(
      'CREATE UNIQUE INDEX uq_run_log_reported ON run_log (run, source, n) WHERE source IS NOT NULL',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX uq_run_log_reported');
    for (const column of ['n', 'source'])
      await queryRunner.query(`ALTER TABLE run_log DROP COLUMN ${column}`);
  }
}
