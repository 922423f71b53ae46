import { toDomainError, type RunStatus } from '@millrace/contracts';
import { LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { isFinished } from '../runs/decide/state.js';
import { RunService } from '../runs/run.service.js';
import { RunRow } from '../runs/store/run.entity.js';
import { BackfillDateRow, BackfillRow } from './backfill.entity.js';

/** While there is something to be done, and while there is not. */
const busyMs = 200;
const idleMs = 1_000;

/**
 * Starts what a backfill has left to do, so many at once. Which run belongs to a date follows from the backfill, the date
 * and the attempt (its idempotency key): a process that was killed in between, and a replica that does the same, find
 * the run that there is.
 */
@Injectable()
export class BackfillDriver implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #stopped = false;

  constructor(
    @InjectRepository(BackfillRow) private readonly backfills: Repository<BackfillRow>,
    @InjectRepository(BackfillDateRow) private readonly dates: Repository<BackfillDateRow>,
    @InjectRepository(RunRow) private readonly runRows: Repository<RunRow>,
    private readonly runs: RunService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    void this.drive();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  /** A round now, and the next one soon. */
  async drive(): Promise<void> {
    if (this.#round || this.#stopped) return;
    clearTimeout(this.#timer);
    let busy = false;
    this.#round = this.#all().then((any) => void (busy = any));
    await this.#round;
    this.#round = undefined;
    if (!this.#stopped) this.#timer = setTimeout(() => void this.drive(), busy ? busyMs : idleMs);
  }

  /** @returns whether there is anything to be done */
  async #all(): Promise<boolean> {
    try {
      // Paused ones still learn how their runs ended.
      const backfills = await this.backfills.findBy({ status: In(['running', 'paused']) });
      for (const backfill of backfills) await this.#one(backfill);
      return backfills.some(({ status }) => status === 'running');
    } catch (err) {
      this.logger.warn({ err }, 'backfills could not be driven on; trying again');
      return false;
    }
  }

  async #one(backfill: BackfillRow): Promise<void> {
    const dates = await this.dates.find({ where: { backfill: backfill.id }, order: { date: 'ASC' } });
    await this.#learn(dates.filter(({ status }) => status === 'running'));
    if (backfill.status !== 'running') return;
    const free = backfill.concurrency - dates.filter(({ status }) => status === 'running').length;
    const next = dates.filter(({ status }) => status === 'waiting').slice(0, Math.max(0, free));
    for (const date of next) if (!(await this.#start(backfill, date))) return;
    if (dates.some(({ status }) => status === 'waiting' || status === 'running')) return;
    const status = dates.every((date) => date.status === 'succeeded') ? 'succeeded' : 'failed';
    await this.backfills.update({ id: backfill.id, status: 'running' }, { status });
  }

  /** How runs ended; of one that is not there any more that is not known, and it counts as cancelled. */
  async #learn(running: BackfillDateRow[]): Promise<void> {
    if (running.length === 0) return;
    const ids = running.flatMap(({ run }) => run ?? []);
    const found = await this.runRows.find({ select: { id: true, status: true }, where: { id: In(ids) } });
    const statuses = new Map<string, RunStatus>(found.map(({ id, status }) => [id, status]));
    for (const date of running) {
      const status = statuses.get(date.run ?? '') ?? 'cancelled';
      if (!isFinished(status)) continue;
      date.status = status as BackfillDateRow['status'];
      const { backfill, date: day, run } = date;
      await this.dates.update({ backfill, date: day, run: run ?? '' }, { status: date.status });
    }
  }

  /** @returns whether it makes sense to go on with the next */
  async #start(backfill: BackfillRow, date: BackfillDateRow): Promise<boolean> {
    const { id, pipeline, param, params } = backfill;
    const attempts = date.attempts + 1;
    try {
      const { run } = await this.runs.start({
        pipeline,
        params: { ...params, [param]: date.date },
        idempotencyKey: `backfill/${id}/${date.date}/${attempts}`,
      });
      const { affected } = await this.dates.update(
        { backfill: id, date: date.date, attempts: date.attempts, status: 'waiting' },
        { run, attempts, status: 'running' },
      );
      if (affected !== 0) Object.assign(date, { run, attempts, status: 'running' });
      else if (await this.#isCancelled(id)) await this.runs.cancel(run);
      return true;
    } catch (error) {
      const { code, message, retryable } = toDomainError(error);
      if (retryable) this.logger.warn({ code, reason: message, backfill: id }, 'a backfill has to wait');
      else
        await this.backfills.update(
          { id, status: 'running' },
          { status: 'paused', error: `${date.date}: ${message}`.slice(0, 4_000) },
        );
      return false;
    }
  }

  async #isCancelled(id: string): Promise<boolean> {
    return (await this.backfills.findOneBy({ id }))?.status === 'cancelled';
  }
}
