import {
  InvalidRequest,
  NotFound,
  type PageRequest,
  type PreviewSchedule,
  type Schedules,
  type ScheduleView,
  type Ticks,
} from '@millrace/contracts';
import { forUpdate, Transactions } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, Repository } from 'typeorm';
import { Submissions } from '../pipelines/submissions.js';
import { cronOf, cronProblems } from './cron.js';
import { keepSchedule } from './keep-schedule.js';
import { ticksAfter, viewOf } from './schedule-view.js';
import { ScheduleRow } from './schedule.entity.js';
import { WallClock } from './wall-clock.js';

const defaultLimit = 100;
const defaultTicks = 10;

/** What may be asked of schedules. They follow what is submitted. */
@Injectable()
export class ScheduleService {
  constructor(
    @InjectRepository(ScheduleRow) private readonly schedules: Repository<ScheduleRow>,
    private readonly transactions: Transactions,
    private readonly clock: WallClock,
    submissions: Submissions,
  ) {
    submissions.listen((em, definition) => keepSchedule(em, definition, clock.now()));
  }

  async list({ limit = defaultLimit, after = '' }: PageRequest): Promise<Schedules> {
    const found = await this.schedules.find({
      where: { pipeline: MoreThan(after) },
      order: { pipeline: 'ASC' },
      take: limit + 1,
    });
    const page = found.slice(0, limit);
    const items = page.map((row) => viewOf(row, this.clock.now()));
    const last = page.at(-1);
    return found.length > limit && last ? { items, next: last.pipeline } : { items };
  }

  pause(pipeline: string): Promise<ScheduleView> {
    return this.#change(pipeline, () => ({ paused: true, lookAt: null }));
  }

  resume(pipeline: string): Promise<ScheduleView> {
    return this.#change(pipeline, ({ paused, cron, timezone }, now) =>
      paused ? { paused: false, mark: now, lookAt: cronOf(cron, timezone).after(now) ?? null } : {},
    );
  }

  async preview({
    pipeline,
    cron,
    timezone = 'UTC',
    from,
    count = defaultTicks,
  }: PreviewSchedule): Promise<Ticks> {
    const begin = from === undefined ? this.clock.now() : Date.parse(from);
    if (Number.isNaN(begin)) throw new InvalidRequest([{ field: 'from', message: 'is no RFC 3339 time' }]);
    if ((pipeline === undefined) === (cron === undefined))
      throw new InvalidRequest([{ field: 'cron', message: 'give either it or pipeline' }]);
    if (pipeline !== undefined) return { items: ticksAfter(await this.#find(pipeline), begin, count) };
    const problems = cronProblems(cron ?? '', timezone);
    if (problems.length > 0) throw new InvalidRequest(problems);
    return { items: ticksAfter({ cron: cron ?? '', timezone }, begin, count) };
  }

  async #find(pipeline: string): Promise<ScheduleRow> {
    const row = await this.schedules.findOneBy({ pipeline });
    if (!row) throw new NotFound('schedule', pipeline);
    return row;
  }

  async #change(
    pipeline: string,
    change: (row: ScheduleRow, now: number) => Partial<ScheduleRow>,
  ): Promise<ScheduleView> {
    return this.transactions.run(async (em) => {
      const row = await em.findOne(ScheduleRow, { where: { pipeline }, ...forUpdate(em) });
      if (!row) throw new NotFound('schedule', pipeline);
      const now = this.clock.now();
      const changed = change(row, now);
      if (Object.keys(changed).length > 0) await em.save(ScheduleRow, { ...row, ...changed });
      return viewOf({ ...row, ...changed }, now);
    });
  }
}
