import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { PlanLibrary } from '../../pipelines/plan-library.js';
import { withInstances } from '../decide/instances.js';
import { restore, type RunState } from '../decide/state.js';
import type { HotRun } from '../drive/hot-run.js';
import { stepCursor } from '../../search/cursor.js';
import { RunRow } from './run.entity.js';
import { instanceOfRow, stepStateOf } from './step-columns.js';
import { StepRow } from './step.entity.js';

const parentIn = ({
  parent: run,
  parentStep: step,
  parentAttempt: attempt,
}: RunRow): Pick<RunState, 'parent'> =>
  run === null || step === null || attempt === null ? {} : { parent: { run, step, attempt } };

export type StepAt = Pick<StepRow, 'run' | 'position'>;

/** Runs as the database has them. */
@Injectable()
export class RunReader {
  constructor(
    @InjectRepository(RunRow) private readonly runs: Repository<RunRow>,
    @InjectRepository(StepRow) private readonly steps: Repository<StepRow>,
    private readonly plans: PlanLibrary,
  ) {}

  async load(run: string): Promise<HotRun | undefined> {
    const row = await this.runs.findOneBy({ id: run });
    if (!row) return undefined;
    const { pipeline, pipelineVersion: version, components, revision } = row;
    const pipelines = row.pipelines ?? {};
    const asSubmitted = await this.plans.get({ pipeline, version, components, pipelines });
    const steps = await this.steps.find({ where: { run }, order: { position: 'ASC' } });
    const plan = withInstances(asSubmitted, steps.flatMap(instanceOfRow));
    // Read one after the other: what changed in between is found out when this revision is written over.
    const state: RunState = restore({
      run,
      plan,
      params: row.params,
      useCache: row.useCache,
      priority: row.priority,
      status: row.status,
      steps: steps.map(stepStateOf),
      ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
      ...parentIn(row),
      ...(row.paused ? { paused: true } : {}),
      ...(row.error === null ? {} : { error: row.error }),
      ...(row.finishedAt === null ? {} : { finishedAt: row.finishedAt }),
    });
    const { createdAt, idempotencyKey } = row;
    const record = { pipelineVersion: version, components, pipelines, createdAt };
    return { state, revision, record: idempotencyKey === null ? record : { ...record, idempotencyKey } };
  }

  /** Of the run that was started under this key. */
  async findByKey(idempotencyKey: string): Promise<RunRow | null> {
    return this.runs.findOneBy({ idempotencyKey });
  }

  /** Runs with a step that is out with a worker, waits for its retry, or that nobody has begun. */
  async unsettled(): Promise<string[]> {
    const active = this.steps
      .createQueryBuilder('step')
      .select('step.run', 'run')
      .distinct(true)
      // Word for word as in the partial indices.
      .where(`step.status IN ('queued', 'running')`);
    const due = this.steps
      .createQueryBuilder('step')
      .select('step.run', 'run')
      .distinct(true)
      .where('step.due_at IS NOT NULL');
    const found = await Promise.all([
      active.getRawMany<{ run: string }>(),
      due.getRawMany<{ run: string }>(),
    ]);
    return [...new Set(found.flat().map(({ run }) => run))];
  }

  /** Pipelines with runs that have not begun. */
  async pendingPipelines(): Promise<string[]> {
    const found = await this.runs
      .createQueryBuilder('run')
      .select('run.pipeline', 'pipeline')
      .distinct(true)
      .where(`run.status = 'pending'`)
      .getRawMany<{ pipeline: string }>();
    return found.map(({ pipeline }) => pipeline);
  }

  /** Which of them is to begin next: by priority, then the oldest. */
  async nextPending(pipeline: string): Promise<string | undefined> {
    const row = await this.runs
      .createQueryBuilder('run')
      .select('run.id', 'id')
      .where(`run.status = 'pending'`)
      .andWhere('run.pipeline = :pipeline', { pipeline })
      .orderBy('run.priority', 'DESC')
      .addOrderBy('run.id', 'ASC')
      .limit(1)
      .getRawOne<{ id: string }>();
    return row?.id;
  }

  /** Steps that wait for a decision, by run and position, after one such as `<run>/<position>`. */
  async undecided(limit: number, after?: string): Promise<StepAt[]> {
    const query = this.steps
      .createQueryBuilder('step')
      .select(['step.run', 'step.position'])
      .where(`step.status IN ('queued', 'running')`)
      .andWhere(`step.component = 'approval'`)
      .orderBy('step.run', 'ASC')
      .addOrderBy('step.position', 'ASC')
      .limit(limit);
    if (after !== undefined) {
      const [run, position] = stepCursor(after);
      const isLater = '(step.run > :run OR (step.run = :run AND step.position > :position))';
      query.andWhere(isLater, { run, position });
    }
    return query.getMany();
  }
}
