import { LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, MoreThan, Not, Repository } from 'typeorm';
import { OrchestratorEnv } from '../config/orchestrator.env.js';
import { cronOf } from './cron.js';
import { graceMs, planTicks, soundMark } from './plan-ticks.js';
import { ScheduleRow } from './schedule.entity.js';
import { TickStarter } from './tick-starter.js';
import { WallClock } from './wall-clock.js';

const together = 50;

/**
 * Looks for what is due. It sleeps by the monotonic clock and then reads the wall clock anew, so that a changed clock
 * makes it look, never start.
 */
@Injectable()
export class Ticker implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #stopped = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  /** Wall clock minus monotonic clock; moves only when somebody moves the wall clock. */
  #offset = NaN;

  constructor(
    @InjectRepository(ScheduleRow) private readonly schedules: Repository<ScheduleRow>,
    private readonly starter: TickStarter,
    private readonly clock: WallClock,
    private readonly env: OrchestratorEnv,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#sleep(0);
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped.abort();
    clearTimeout(this.#timer);
    await this.#round;
  }

  #sleep(ms: number): void {
    if (this.#stopped.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#round = this.#look().then(
        (next) => this.#sleep(next),
        (err: unknown) => {
          this.logger.warn({ err }, 'looking for what is due failed; trying again');
          this.#sleep(this.env.RECONCILE_MS);
        },
      );
    }, ms);
  }

  /** @returns how long until the next look */
  async #look(): Promise<number> {
    if (this.#clockWasMoved()) await this.#lookAnew();
    const rows = await this.schedules.find({
      where: { paused: false, lookAt: Not(IsNull()) },
      order: { lookAt: 'ASC' },
      take: together,
    });
    const now = this.clock.now();
    const due = rows.filter(({ lookAt }) => lookAt !== null && lookAt <= now);
    const settled = await Promise.all(due.map((row) => this.#settle(row, now)));
    if (settled.includes(false)) return this.env.RECONCILE_MS;
    if (due.length > 0) return 0;
    // So soon are changed clocks, and changed schedules of other replicas, seen.
    return Math.min(this.env.RECONCILE_MS, Math.max(1, (rows[0]?.lookAt ?? Infinity) - now));
  }

  /** @returns whether it could be done */
  async #settle(row: ScheduleRow, now: number): Promise<boolean> {
    try {
      await this.starter.settle(row, now);
      return true;
    } catch (err) {
      this.logger.error({ err, pipeline: row.pipeline }, 'a schedule could not be followed; trying again');
      return false;
    }
  }

  #clockWasMoved(): boolean {
    const offset = this.clock.now() - performance.now();
    const moved = !(Math.abs(offset - this.#offset) <= graceMs);
    if (moved) this.#offset = offset;
    return moved;
  }

  /** After a start and after a change of the clock: what was written down of the future may be wrong by now. */
  async #lookAnew(): Promise<void> {
    for (let after = ''; ;) {
      const rows = await this.schedules.find({
        where: { pipeline: MoreThan(after), paused: false },
        order: { pipeline: 'ASC' },
        take: 500,
      });
      for (const { pipeline, cron, timezone, mark, catchUp, lookAt } of rows) {
        const now = this.clock.now();
        const from = soundMark(now, mark);
        const { ticks, missed, next } = planTicks(now, cronOf(cron, timezone), from, catchUp);
        const isDue = ticks.length > 0 || missed !== undefined;
        const expected = isDue ? Math.min(lookAt ?? now, now) : (next ?? null);
        if (expected !== lookAt || from !== mark)
          await this.schedules.update(
            { pipeline, mark, cron, timezone, paused: false },
            { mark: from, lookAt: expected },
          );
      }
      const last = rows.at(-1);
      if (!last || rows.length < 500) return;
      after = last.pipeline;
    }
  }
}
