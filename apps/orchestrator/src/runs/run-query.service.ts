import { NotFound, type RunQuery, type Runs, type RunView } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, LessThan, Repository } from 'typeorm';
import { idCursor } from '../search/cursor.js';
import { toRunView } from './run-view.js';
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
    return toRunView(row, await this.steps.find({ where: { run }, order: { position: 'ASC' } }));
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
    const page = found.slice(0, limit);
    const items = page.map((row) => toRunView(row, []));
    const last = page.at(-1);
    return found.length > limit && last ? { items, next: last.id } : { items };
  }

  async #find(run: string): Promise<RunRow> {
    const row = await this.runs.findOneBy({ id: run });
    if (!row) throw new NotFound('run', run);
    return row;
  }
}
