import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Limits of all attempts of a step together. */
export class StepTimeouts1764100000010 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE step ADD COLUMN give_up_at bigint');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE step DROP COLUMN give_up_at');
  }
}
