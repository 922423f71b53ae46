import { canonicalJson } from '@millrace/artifacts';
import {
  DomainError,
  InvalidRequest,
  NotFound,
  type Backfills,
  type BackfillView,
  type PageRequest,
  type ResumeBackfill,
  type StartBackfill,
} from '@millrace/contracts';
import { isUniqueViolation, Transactions } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, LessThan, Repository } from 'typeorm';
import { writeRows } from '../database/write-rows.js';
import { newRunId } from '../runs/run-id.js';
import { RunService } from '../runs/run.service.js';
import { RunStarter } from '../runs/run-starter.js';
import { idCursor } from '../search/cursor.js';
import { BackfillDriver } from './backfill-driver.js';
import { countsOf, toBackfillView } from './backfill-view.js';
import { BackfillDateRow, BackfillRow } from './backfill.entity.js';
import { datesOf } from './dates.js';

const defaultLimit = 50;

/** A pipeline for each date of a range. */
@Injectable()
export class BackfillService {
  constructor(
    @InjectRepository(BackfillRow) private readonly backfills: Repository<BackfillRow>,
    @InjectRepository(BackfillDateRow) private readonly dates: Repository<BackfillDateRow>,
    private readonly transactions: Transactions,
    private readonly starter: RunStarter,
    private readonly runs: RunService,
    private readonly driver: BackfillDriver,
  ) {}

  async start(request: StartBackfill): Promise<BackfillView> {
    const { pipeline, from, to, every = 'day', param = 'date', params = {}, concurrency = 1 } = request;
    const known = await this.#askedBefore(request);
    if (known) return known;
    const dates = datesOf(from, to, every);
    if (Object.hasOwn(params, param))
      throw new InvalidRequest([{ field: `params.${param}`, message: 'is what takes the date' }]);
    // What is wrong with the parameters is said now, and not by the first run.
    await this.starter.prepare({ pipeline, params: { ...params, [param]: from } });
    const row: BackfillRow = {
      ...{ id: newRunId(), pipeline, status: 'running', from, to, every, param, params, concurrency },
      ...{ idempotencyKey: request.idempotencyKey ?? null, error: null, createdAt: Date.now() },
    };
    const rows = dates.map((date): BackfillDateRow => {
      return { backfill: row.id, date, attempts: 0, run: null, status: 'waiting' };
    });
    try {
      await this.transactions.run(async (em) => {
        await writeRows(em, BackfillRow, [row]);
        await writeRows(em, BackfillDateRow, rows);
      });
    } catch (error) {
      const other = isUniqueViolation(error) ? await this.#askedBefore(request) : undefined;
      if (other) return other;
      throw error;
    }
    void this.driver.drive();
    return this.get(row.id);
  }

  async get(id: string): Promise<BackfillView> {
    const row = await this.backfills.findOneBy({ id });
    if (!row) throw new NotFound('backfill', id);
    const dates = await this.dates.find({ where: { backfill: id }, order: { date: 'ASC' } });
    return toBackfillView(row, countsOf(dates), dates);
  }

  async list({ limit = defaultLimit, after }: PageRequest): Promise<Backfills> {
    const found = await this.backfills.find({
      where: after === undefined ? {} : { id: LessThan(idCursor(after)) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    const page = found.slice(0, limit);
    const items: BackfillView[] = [];
    for (const row of page)
      items.push(toBackfillView(row, countsOf(await this.dates.findBy({ backfill: row.id })), []));
    const last = page.at(-1);
    return found.length > limit && last ? { items, next: last.id } : { items };
  }

  async pause(id: string): Promise<BackfillView> {
    await this.get(id);
    await this.backfills.update({ id, status: 'running' }, { status: 'paused' });
    return this.get(id);
  }

  /** @throws DomainError conflict for one that was cancelled */
  async resume({ backfill: id, failed = true }: ResumeBackfill): Promise<BackfillView> {
    const { status } = await this.get(id);
    if (status === 'cancelled')
      throw new DomainError('conflict', `backfill '${id}' was cancelled`, { retryable: false });
    if (failed)
      await this.dates.update({ backfill: id, status: In(['failed', 'cancelled']) }, { status: 'waiting' });
    await this.backfills.update({ id, status: In(['paused', 'failed']) }, { status: 'running', error: null });
    void this.driver.drive();
    return this.get(id);
  }

  async cancel(id: string): Promise<BackfillView> {
    await this.get(id);
    await this.backfills.update({ id, status: In(['running', 'paused', 'failed']) }, { status: 'cancelled' });
    const dates = await this.dates.findBy({ backfill: id, status: In(['waiting', 'running']) });
    await this.dates.update({ backfill: id, status: In(['waiting', 'running']) }, { status: 'cancelled' });
    for (const { run } of dates) if (run !== null) await this.runs.cancel(run);
    return this.get(id);
  }

  async #askedBefore(request: StartBackfill): Promise<BackfillView | undefined> {
    const { idempotencyKey: key, pipeline, from, to, params = {} } = request;
    const row = key === undefined ? null : await this.backfills.findOneBy({ idempotencyKey: key });
    if (!row) return undefined;
    const identity = (one: Pick<BackfillRow, 'pipeline' | 'from' | 'to' | 'params'>) =>
      canonicalJson({ pipeline: one.pipeline, from: one.from, to: one.to, params: one.params });
    if (identity(row) !== identity({ pipeline, from, to, params }))
      throw new DomainError('conflict', `idempotencyKey '${key}' belongs to another backfill`, {
        retryable: false,
        details: { backfill: row.id },
      });
    return this.get(row.id);
  }
}
