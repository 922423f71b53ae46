import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Priorities, and steps that wait for room. */
export class Room1764100000030 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // A replica from before writes runs without it.
    await queryRunner.query('ALTER TABLE run ADD COLUMN priority integer NOT NULL DEFAULT 5');
    await queryRunner.query('ALTER TABLE step ADD COLUMN priority integer');
    await queryRunner.query('ALTER TABLE step ADD COLUMN held_at bigint');
    // In the order in which they begin.
    await queryRunner.query(
      `CREATE INDEX idx_run_pending ON run (pipeline, priority DESC, id) WHERE status = 'pending'`,
    );
    await queryRunner.query(
      `CREATE INDEX idx_step_held ON step (component, priority DESC, held_at, run, position)
       WHERE status = 'waiting' AND held_at IS NOT NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const index of ['idx_step_held', 'idx_run_pending']) await queryRunner.query(`DROP INDEX ${index}`);
    for (const column of ['held_at', 'priority'])
      await queryRunner.query(`ALTER TABLE step DROP COLUMN ${column}`);
    await queryRunner.query('ALTER TABLE run DROP COLUMN priority');
  }
}
