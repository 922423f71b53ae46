import type {
  EventSearch,
  FoundEvents,
  FoundRuns,
  FoundSteps,
  RunSearch,
  StepSearch,
} from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { LogLine } from '../log/log-line.entity.js';
import { toRunView, toStepView } from '../runs/run-view.js';
import { RunRow } from '../runs/store/run.entity.js';
import { StepRow } from '../runs/store/step.entity.js';
import { idCursor, integerCursor, stepCursor } from './cursor.js';
import { startedWithin } from './started.js';
import { contains, likePattern, olderThan, readPage } from './window.js';

const defaultLimit = 50;
const ofPipeline = (run: string) =>
  `EXISTS (SELECT 1 FROM run r WHERE r.id = ${run} AND r.pipeline = :pipeline)`;

type Query = SelectQueryBuilder<ObjectLiteral>;
const within = (query: Query, column: string, list: string | undefined): void => {
  if (list !== undefined) query.andWhere(`${column} IN (:...list)`, { list: list.split(',') });
};

const pageOf = <T>(items: T[], next: string[] | undefined): { items: T[]; next?: string } =>
  next ? { items, next: next.join('/') } : { items };

/** Runs, their steps and what happened to them, by what is asked of them. */
@Injectable()
export class SearchService {
  constructor(
    @InjectRepository(RunRow) private readonly runRows: Repository<RunRow>,
    @InjectRepository(StepRow) private readonly stepRows: Repository<StepRow>,
    @InjectRepository(LogLine) private readonly lines: Repository<LogLine>,
  ) {}

  async runs({
    limit = defaultLimit,
    after,
    text,
    pipeline,
    status,
    ...time
  }: RunSearch): Promise<FoundRuns> {
    const query = this.runRows.createQueryBuilder('run').where('1 = 1');
    startedWithin(query, 'run.id', time);
    if (pipeline !== undefined) query.andWhere('run.pipeline = :pipeline', { pipeline });
    if (after !== undefined) olderThan(query, ['run.id'], [idCursor(after)]);
    const narrow = (rows: Query): void => {
      within(rows, 'run.status', status);
      if (text !== undefined)
        rows.andWhere(contains(['run.id', 'run.pipeline', 'run.params', 'run.error']), {
          text: likePattern(text),
        });
    };
    const isNarrow = text !== undefined || status !== undefined;
    const page = await readPage<RunRow>(
      { query, key: ['run.id'], limit, ...(isNarrow ? { narrow } : {}) },
      ({ id }) => [id],
    );
    return pageOf(
      page.rows.map((row) => toRunView(row, [])),
      page.next,
    );
  }

  async steps(search: StepSearch): Promise<FoundSteps> {
    const { limit = defaultLimit, after, text, pipeline, status, run, component, ...time } = search;
    const query = this.stepRows.createQueryBuilder('step').where('1 = 1');
    startedWithin(query, 'step.run', time);
    if (run !== undefined) query.andWhere('step.run = :run', { run });
    const key = ['step.run', 'step.position'];
    if (after !== undefined) olderThan(query, key, stepCursor(after));
    const narrow = (rows: Query): void => {
      within(rows, 'step.status', status);
      if (component !== undefined) rows.andWhere('step.component = :component', { component });
      if (pipeline !== undefined) rows.andWhere(ofPipeline('step.run'), { pipeline });
      if (text !== undefined)
        rows.andWhere(
          contains(['step.name', 'step.component', 'step.worker', 'step.error', 'step.outputs']),
          {
            text: likePattern(text),
          },
        );
    };
    const page = await readPage<StepRow>({ query, key, limit, narrow }, (row) => [row.run, row.position]);
    const pipelines = await this.#pipelinesOf(page.rows.map((row) => row.run));
    return pageOf(
      page.rows.map((row) => ({ run: row.run, pipeline: pipelines.get(row.run) ?? '', ...toStepView(row) })),
      page.next,
    );
  }

  async events(search: EventSearch): Promise<FoundEvents> {
    const { limit = defaultLimit, after, text, pipeline, run, step, level, ...time } = search;
    const query = this.lines.createQueryBuilder('line').where('1 = 1');
    if (run !== undefined) query.andWhere('line.run = :run', { run });
    if (after !== undefined) olderThan(query, ['line.id'], [integerCursor(after)]);
    const narrow = (rows: Query): void => {
      startedWithin(rows, 'line.run', time);
      within(rows, 'line.level', level);
      if (step !== undefined) rows.andWhere('line.step = :step', { step });
      if (pipeline !== undefined) rows.andWhere(ofPipeline('line.run'), { pipeline });
      if (text !== undefined) rows.andWhere(contains(['line.message']), { text: likePattern(text) });
    };
    const page = await readPage<LogLine>({ query, key: ['line.id'], limit, narrow }, ({ id = 0 }) => [id]);
    return pageOf(
      page.rows.map(({ id, at, step: name, ...line }) => ({
        id: Number(id),
        run: line.run,
        ...(name === null ? {} : { step: name }),
        at: new Date(at).toISOString(),
        level: line.level,
        message: line.message,
      })),
      page.next,
    );
  }

  async #pipelinesOf(runs: readonly string[]): Promise<Map<string, string>> {
    const ids = [...new Set(runs)];
    if (ids.length === 0) return new Map();
    const rows = await this.runRows.find({ select: { id: true, pipeline: true }, where: { id: In(ids) } });
    return new Map(rows.map(({ id, pipeline }) => [id, pipeline]));
  }
}
