import { column, createTable } from '@millrace/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const key = { isPrimary: true };
const maybe = { isNullable: true };

export class Orchestrator1764000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(queryRunner, 'pipeline', { name: column.text(key), version: column.integer() });
    await createTable(queryRunner, 'pipeline_version', {
      name: column.text(key),
      version: column.integer(key),
      definition: column.json(),
      created_at: column.timestamp(),
    });
    await createTable(queryRunner, 'component', {
      name: column.text(key),
      version: column.text(key),
      descriptor: column.json(),
      seen_at: column.timestamp(),
    });
    await this.createRuns(queryRunner);
    await createTable(
      queryRunner,
      'run_log',
      {
        id: {
          ...column.increment(),
          ...(queryRunner.dataSource.options.type === 'postgres' ? { type: 'bigint' } : {}),
        },
        run: column.text(),
        step: column.text(maybe),
        at: column.timestamp(),
        level: column.text(),
        message: column.text(),
      },
      { indices: [['run', 'id']] },
    );
    await createTable(queryRunner, 'cache_entry', {
      key: column.text(key),
      outputs: column.json(),
      metrics: column.json(),
      run: column.text(),
      step: column.text(),
      created_at: column.timestamp(),
    });
  }

  private async createRuns(queryRunner: QueryRunner): Promise<void> {
    await createTable(
      queryRunner,
      'run',
      {
        id: column.text(key),
        pipeline: column.text(),
        pipeline_version: column.integer(),
        status: column.text(),
        params: column.json(),
        components: column.json(),
        use_cache: column.boolean(),
        idempotency_key: column.text(maybe),
        traceparent: column.text(maybe),
        revision: column.integer(),
        error: column.json(maybe),
        created_at: column.timestamp(),
        finished_at: column.timestamp(maybe),
      },
      {
        uniques: [['idempotency_key']],
        indices: [
          ['status', 'id'],
          ['pipeline', 'id'],
        ],
      },
    );
    await createTable(queryRunner, 'step', {
      run: column.text(key),
      position: column.integer(key),
      name: column.text(),
      component: column.text(),
      status: column.text(),
      attempt: column.integer(),
      token: column.integer(),
      lapses: column.integer(),
      deadline: column.timestamp(maybe),
      due_at: column.timestamp(maybe),
      worker: column.text(maybe),
      queued_at: column.timestamp(maybe),
      started_at: column.timestamp(maybe),
      finished_at: column.timestamp(maybe),
      outputs: column.json(maybe),
      metrics: column.json(maybe),
      error: column.json(maybe),
      cache_key: column.text(maybe),
      revision: column.integer(),
    });
    // Only the few steps that somebody waits for are in these, however many are done.
    await queryRunner.query(
      `CREATE INDEX idx_step_active ON step (component) WHERE status IN ('queued', 'running')`,
    );
    await queryRunner.query(`CREATE INDEX idx_step_due ON step (due_at) WHERE due_at IS NOT NULL`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of [
      'cache_entry',
      'run_log',
      'step',
      'run',
      'component',
      'pipeline_version',
      'pipeline',
    ])
      await queryRunner.dropTable(table);
  }
}
