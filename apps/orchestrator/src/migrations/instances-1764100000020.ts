import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Steps that are instances of others. */
export class Instances1764100000020 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE step ADD COLUMN parent integer');
    await queryRunner.query('ALTER TABLE step ADD COLUMN ordinal integer');
    await queryRunner.query('ALTER TABLE step ADD COLUMN item text');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const column of ['item', 'ordinal', 'parent'])
      await queryRunner.query(`ALTER TABLE step DROP COLUMN ${column}`);
  }
}
