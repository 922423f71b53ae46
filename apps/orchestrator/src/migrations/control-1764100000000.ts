import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs that pause, and steps that are opened again. */
export class Control1764100000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE run ADD COLUMN paused boolean');
    await queryRunner.query('ALTER TABLE step ADD COLUMN attempts_before integer');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE step DROP COLUMN attempts_before');
    await queryRunner.query('ALTER TABLE run DROP COLUMN paused');
  }
}
