import {
  NotFound,
  type DeadLetter,
  type DeadLetterQuery,
  type DeadLetters,
  type DeadLetterView,
  type RunLogEntry,
  type RunView,
  type StepRef,
} from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { LogLine } from '../log/log-line.entity.js';
import { boundOrNothing } from '../runs/bound-or-nothing.js';
import { positionOf } from '../runs/drive/signal.js';
import { RunService } from '../runs/run.service.js';
import { RunReader } from '../runs/store/run-reader.js';
import { RunRow } from '../runs/store/run.entity.js';
import { StepRow } from '../runs/store/step.entity.js';
import { stepCursor } from '../search/cursor.js';
import { fitting } from '../search/fitting.js';
import { shorten } from '../search/shorten.js';
import { olderThan, readPage } from '../search/window.js';

const defaultLimit = 50;
const maxLines = 200;
/** All of it fits into one answer. */
const maxValueBytes = 200_000;
const maxLogBytes = 400_000;

const letterOf = (step: StepRow, run: RunRow | undefined): DeadLetter => ({
  run: step.run,
  step: step.name,
  pipeline: run?.pipeline ?? '',
  runStatus: run?.status ?? 'failed',
  component: step.component,
  attempts: step.attempt,
  error: step.error ?? { code: 'internal', message: 'for no given reason', retryable: false },
  ...(step.worker === null ? {} : { worker: step.worker }),
  ...(step.finishedAt === null ? {} : { failedAt: new Date(step.finishedAt).toISOString() }),
});

const entryOf = ({ at, level, message }: LogLine): RunLogEntry => ({
  at: new Date(at).toISOString(),
  level,
  message,
});

/** Steps that failed for good, until somebody looks at them. */
@Injectable()
export class DeadLetterService {
  constructor(
    @InjectRepository(RunRow) private readonly runRows: Repository<RunRow>,
    @InjectRepository(StepRow) private readonly stepRows: Repository<StepRow>,
    @InjectRepository(LogLine) private readonly lines: Repository<LogLine>,
    private readonly reader: RunReader,
    private readonly runs: RunService,
  ) {}

  async list({
    limit = defaultLimit,
    after,
    pipeline,
    component,
    code,
  }: DeadLetterQuery): Promise<DeadLetters> {
    // Word for word as in the partial index.
    const query = this.stepRows.createQueryBuilder('step').where(`step.status = 'failed'`);
    const key = ['step.run', 'step.position'];
    if (after !== undefined) olderThan(query, key, stepCursor(after));
    const page = await readPage<StepRow>(
      {
        query,
        key,
        limit,
        narrow: (rows) => {
          if (component !== undefined) rows.andWhere('step.component = :component', { component });
          if (code !== undefined) rows.andWhere('step.error LIKE :code', { code: `{"code":"${code}"%` });
          if (pipeline !== undefined)
            rows.andWhere('EXISTS (SELECT 1 FROM run r WHERE r.id = step.run AND r.pipeline = :pipeline)', {
              pipeline,
            });
        },
      },
      ({ run, position }) => [run, position],
    );
    const runs = new Map(
      page.rows.length === 0
        ? []
        : (await this.runRows.findBy({ id: In(page.rows.map(({ run }) => run)) })).map((run) => [
            run.id,
            run,
          ]),
    );
    const items = page.rows.map((step) => letterOf(step, runs.get(step.run)));
    return page.next ? { items, next: page.next.join('/') } : { items };
  }

  /** @throws NotFound also for a step that did not fail */
  async get({ run, step }: StepRef): Promise<DeadLetterView> {
    const row = await this.#find({ run, step });
    const hot = await this.reader.load(run);
    const position = hot && positionOf(hot.state.plan, step);
    const bound = hot && position !== undefined ? boundOrNothing(hot.state, position) : undefined;
    const lines = await this.lines.find({ where: { run, step }, order: { id: 'DESC' }, take: maxLines });
    return {
      ...letterOf(row, (await this.runRows.findOneBy({ id: run })) ?? undefined),
      componentVersion: hot?.record.components[row.component] ?? '',
      params: shorten(bound?.params ?? {}, maxValueBytes).values,
      inputs: shorten(bound?.inputs ?? {}, maxValueBytes).values,
      log: fitting(lines.map(entryOf), maxLogBytes).reverse(),
    };
  }

  async requeue({ run, step }: StepRef): Promise<RunView> {
    await this.#find({ run, step });
    return this.runs.retryStep({ run, step });
  }

  async #find({ run, step }: StepRef): Promise<StepRow> {
    const row = await this.stepRows.findOneBy({ run, name: step });
    if (row?.status === 'failed') return row;
    throw new NotFound(
      'dead letter',
      `${run}/${step}`,
      row ? `step '${step}' of run '${run}' has not failed: it is ${row.status}` : undefined,
    );
  }
}
