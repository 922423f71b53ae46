import {
  InvalidRequest,
  maxLogPage,
  NotFound,
  type RunLog,
  type RunLogEntry,
  type RunLogQuery,
} from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type SelectQueryBuilder } from 'typeorm';
import { lookForStep } from '../runs/no-such-step.js';
import { RunRow } from '../runs/store/run.entity.js';
import { StepRow } from '../runs/store/step.entity.js';
import { maxLookedAt } from '../search/window.js';
import { fitting } from '../search/fitting.js';
import { LogLine } from './log-line.entity.js';

type Lines = SelectQueryBuilder<LogLine>;

const entryOf = ({ id, at, step, level, message }: LogLine): RunLogEntry => ({
  id: Number(id),
  at: new Date(at).toISOString(),
  ...(step === null ? {} : { step }),
  level,
  message,
});

/** Of the step itself, of the items of a `foreach` and of the iterations of an `until`. */
const ofStep = (query: SelectQueryBuilder<object>, column: string, step: string): void =>
  void query.andWhere(`(${column} = :step OR SUBSTR(${column}, 1, :begin) IN (:...begins))`, {
    step,
    begin: step.length + 1,
    begins: [`${step}[`, `${step}#`],
  });

/** Reading a run's log, from its end or page by page. */
@Injectable()
export class RunLogReader {
  constructor(
    @InjectRepository(LogLine) private readonly lines: Repository<LogLine>,
    @InjectRepository(RunRow) private readonly runs: Repository<RunRow>,
    @InjectRepository(StepRow) private readonly steps: Repository<StepRow>,
  ) {}

  async read(query: RunLogQuery): Promise<RunLog> {
    // Before the lines: none are written behind those with which a run ended.
    const run = await this.runs.findOne({ select: { id: true, status: true }, where: { id: query.run } });
    if (!run) throw new NotFound('run', query.run);
    if (query.tail !== undefined && query.after !== undefined)
      throw new InvalidRequest([
        { field: 'tail', message: "goes without 'after': it is counted from the end" },
      ]);
    if (query.step !== undefined) await this.#checkStep(query.run, query.step);
    const newest = await this.#newest(query.run);
    const page =
      query.after === undefined
        ? await this.#end(query, newest)
        : await this.#behind(query, Number(query.after), newest);
    return { ...page, status: run.status };
  }

  async #end({ tail, limit = maxLogPage, ...query }: RunLogQuery, newest: number): Promise<RunLog> {
    const { lines, narrow } = this.#lines(query);
    lines.andWhere('line.id <= :newest', { newest }).orderBy('line.id', 'DESC');
    if (narrow) {
      const edge = await edgeOf(lines);
      if (edge !== undefined) lines.andWhere('line.id >= :edge', { edge });
      narrow(lines);
    }
    const count = tail ?? limit;
    const rows = count === 0 ? [] : await lines.limit(count).getMany();
    return { items: fitting(rows.map(entryOf)).reverse(), cursor: String(newest) };
  }

  async #behind(
    { limit = maxLogPage, ...query }: RunLogQuery,
    after: number,
    newest: number,
  ): Promise<RunLog> {
    if (after > newest) await this.#checkCursor(after);
    const { lines, narrow } = this.#lines(query);
    lines.andWhere('line.id > :after AND line.id <= :newest', { after, newest }).orderBy('line.id', 'ASC');
    let end = newest;
    if (narrow) {
      end = (await edgeOf(lines)) ?? newest;
      lines.andWhere('line.id <= :end', { end });
      narrow(lines);
    }
    const found = await lines.limit(limit + 1).getMany();
    const items = fitting(found.slice(0, limit).map(entryOf));
    const isAll = items.length === found.length;
    const cursor = String(Math.max(after, (isAll ? end : items.at(-1)?.id) ?? after));
    return { items, cursor, ...(isAll && end === newest ? {} : { next: cursor }) };
  }

  /** All of a run's lines, and how to look only at some of them: row by row. */
  #lines({ run, step, level }: RunLogQuery): { lines: Lines; narrow?: (lines: Lines) => void } {
    const lines = this.lines.createQueryBuilder('line').where('line.run = :run', { run });
    if (step === undefined && level === undefined) return { lines };
    const narrow = (query: Lines): void => {
      if (step !== undefined) ofStep(query, 'line.step', step);
      if (level !== undefined) query.andWhere('line.level IN (:...levels)', { levels: level.split(',') });
    };
    return { lines, narrow };
  }

  async #newest(run: string): Promise<number> {
    return newestOf(this.lines.createQueryBuilder('line').where('line.run = :run', { run }));
  }

  async #checkStep(run: string, step: string): Promise<void> {
    if (await this.steps.existsBy({ run, name: step })) return;
    throw await lookForStep(this.steps, run, step);
  }

  /** From behind the last line of all, lines that are yet to come would be passed over. */
  async #checkCursor(after: number): Promise<void> {
    if (after > (await newestOf(this.lines.createQueryBuilder('line'))))
      throw new InvalidRequest([{ field: 'after', message: 'no line has this id yet' }]);
  }
}

const newestOf = async (lines: Lines): Promise<number> => {
  const found = await lines.select('MAX(line.id)', 'id').getRawOne<{ id: string | number | null }>();
  return Number(found?.id ?? 0);
};

/** Where one answer ends, having looked at so many lines; undefined when there are fewer. */
const edgeOf = async (lines: Lines): Promise<number | undefined> => {
  const edge = await lines
    .clone()
    .select('line.id', 'id')
    .offset(maxLookedAt - 1)
    .limit(1)
    .getRawOne<{ id: string | number }>();
  return edge && Number(edge.id);
};
