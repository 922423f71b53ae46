import {
  NotFound,
  type RunQuery,
  type Runs,
  type RunView,
  type StepQuery,
  type StepPage,
  type StepStatus,
} from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, LessThan, MoreThan, Repository, type FindOptionsWhere } from 'typeorm';
import { idCursor, integerCursor } from '../search/cursor.js';
import { fitting } from '../search/fitting.js';
import { lookForStep } from './no-such-step.js';
import { maxSteps, pageOfSteps, type PlacedStep } from './page-of-steps.js';
import { toRunView, toStepView, type InstanceCounts } from './run-view.js';
import { RunRow } from './store/run.entity.js';
import { StepRow } from './store/step.entity.js';

const defaultLimit = 50;

/** Runs for whoever looks at them, as the database has them. */
@Injectable()
export class RunQueryService {
  constructor(
    @InjectRepository(RunRow) private readonly runs: Repository<RunRow>,
    @InjectRepository(StepRow) private readonly steps: Repository<StepRow>,
  ) {}

  async get(run: string): Promise<RunView> {
    const row = await this.#find(run);
    return toRunView(row, await this.#steps({ run }, maxSteps));
  }

  async listSteps({ run, limit = defaultLimit, after, of, status }: StepQuery): Promise<StepPage> {
    const parent = of === undefined ? undefined : await this.#positionOf(run, of);
    const { id } = await this.#find(run);
    const where = {
      run: id,
      ...(after === undefined ? {} : { position: MoreThan(integerCursor(after)) }),
      ...(status === undefined ? {} : { status: In(status.split(',')) }),
      ...(parent === undefined ? {} : { parent }),
    };
    const { steps: items, ...more } = pageOfSteps(await this.#steps(where, limit), limit);
    return { items, ...more };
  }

  /** Newest first, and without their steps: a page of large runs would be a page of tens of thousands of them. */
  async list({ limit = defaultLimit, after, pipeline, status, parent }: RunQuery): Promise<Runs> {
    const found = await this.runs.find({
      where: {
        ...(after === undefined ? {} : { id: LessThan(idCursor(after)) }),
        ...(pipeline === undefined ? {} : { pipeline }),
        ...(status === undefined ? {} : { status: In(status.split(',')) }),
        ...(parent === undefined ? {} : { parent }),
      },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    const items = fitting(found.slice(0, limit).map((row) => toRunView(row, [])));
    const last = items.at(-1);
    return found.length > items.length && last ? { items, next: last.run } : { items };
  }

  /** One more than `limit`, where there are more. */
  async #steps(where: FindOptionsWhere<StepRow> & { run: string }, limit: number): Promise<PlacedStep[]> {
    const rows = await this.steps.find({ where, order: { position: 'ASC' }, take: limit + 1 });
    // Instances have none.
    const isCounted = rows.some((row) => row.parent === null);
    const counts = isCounted ? await this.#instances(where.run) : new Map<number, InstanceCounts>();
    return rows.map((row) => ({ position: row.position, view: toStepView(row, counts.get(row.position)) }));
  }

  /** By the position of their step. */
  async #instances(run: string): Promise<Map<number, InstanceCounts>> {
    const found = await this.steps
      .createQueryBuilder('step')
      .select(['step.parent AS parent', 'step.status AS status', 'COUNT(*) AS n'])
      .where('step.run = :run AND step.parent IS NOT NULL', { run })
      .groupBy('step.parent')
      .addGroupBy('step.status')
      .getRawMany<{ parent: number; status: StepStatus; n: number | string }>();
    const counts = new Map<number, InstanceCounts>();
    for (const { parent, status, n } of found)
      counts.set(parent, { ...counts.get(parent), [status]: Number(n) });
    return counts;
  }

  async #positionOf(run: string, name: string): Promise<number> {
    const row = await this.steps.findOne({ select: { run: true, position: true }, where: { run, name } });
    if (!row) throw await lookForStep(this.steps, run, name);
    return row.position;
  }

  async #find(run: string): Promise<RunRow> {
    const row = await this.runs.findOneBy({ id: run });
    if (!row) throw new NotFound('run', run);
    return row;
  }
}
