import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Endpoints that no replica has in memory. */
export class Unloaded1764100000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE endpoint ADD COLUMN unloaded_at bigint');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE endpoint DROP COLUMN unloaded_at');
  }
}
