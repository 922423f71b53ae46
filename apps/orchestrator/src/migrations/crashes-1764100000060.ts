import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Workers that vanished with a step in hand, and how to tell whether one has. */
export class Crashes1764100000060 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE step ADD COLUMN crashes integer');
    await queryRunner.query('ALTER TABLE step ADD COLUMN probe text');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE step DROP COLUMN probe');
    await queryRunner.query('ALTER TABLE step DROP COLUMN crashes');
  }
}
