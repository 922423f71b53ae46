import { DomainError, toDomainError, type ErrorBody } from '@millrace/contracts';
import { makeEvent, MessagingClient } from '@millrace/messaging';
import { LOGGER, type Logger } from '@millrace/observability';
import { Outbox, Transactions } from '@millrace/persistence';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { RunService } from '../runs/run.service.js';
import { cronOf } from './cron.js';
import { planTicks } from './plan-ticks.js';
import { ScheduleRow } from './schedule.entity.js';

const againMs = 1_000;

/** Another replica was faster, or the schedule is another by now. */
class Superseded extends Error {}

const isoOf = (ms: number) => new Date(ms).toISOString();

/** Starts what is due of one schedule. The mark moves in the transaction that begins the run. */
@Injectable()
export class TickStarter {
  constructor(
    private readonly runs: RunService,
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
    private readonly client: MessagingClient,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async settle(row: ScheduleRow, now: number): Promise<void> {
    const { ticks, missed, next } = planTicks(now, cronOf(row.cron, row.timezone), row.mark, row.catchUp);
    try {
      if (missed !== undefined) await this.#miss(row, missed, now, ticks.length === 0);
      else if (ticks.length === 0) await this.#move(row, { mark: now, lookAt: next ?? null });
      let mark = row.mark;
      for (const tick of ticks) {
        await this.#start({ ...row, mark }, tick, now);
        mark = tick;
      }
    } catch (error) {
      if (!(error instanceof Superseded)) throw error;
    }
  }

  async #start(row: ScheduleRow, tick: number, now: number): Promise<void> {
    const { pipeline, params, cron, timezone } = row;
    const settled = { mark: tick, lookAt: cronOf(cron, timezone).after(tick) ?? null };
    const started = (lastRun: string) => ({ ...settled, lastTick: tick, lastRun, error: null });
    let written = false;
    try {
      const { run } = await this.runs.start(
        { pipeline, params, idempotencyKey: `schedule/${pipeline}/${isoOf(tick)}` },
        async (em, id) => {
          await this.#write(em, row, started(id));
          written = true;
        },
      );
      // The tick was started before, by a clock that was ahead or by another replica.
      if (!written) await this.#move(row, started(run));
    } catch (thrown) {
      if (thrown instanceof Superseded) throw thrown;
      const error = toDomainError(thrown);
      const other = error.code === 'conflict' ? error.details?.['run'] : undefined;
      if (typeof other === 'string') return this.#move(row, started(other));
      if (!isFinal(error)) return this.#postpone(row, error, now);
      await this.#refuse(row, tick, error.toBody(), settled);
    }
  }

  /** Not now, but perhaps soon; until then others have their turn. */
  async #postpone(row: ScheduleRow, err: DomainError, now: number): Promise<never> {
    this.logger.warn({ err, pipeline: row.pipeline }, 'a scheduled run could not be started yet');
    await this.#move(row, { lookAt: now + againMs });
    throw new Superseded();
  }

  async #miss(row: ScheduleRow, tick: number, now: number, alone: boolean): Promise<void> {
    const { pipeline, catchUp } = row;
    const message = `nobody could start it in time, and catchUp is '${catchUp}'; so for others until ${isoOf(now)}`;
    const error: ErrorBody = { code: 'deadline_exceeded', message, retryable: false };
    const lookAt = cronOf(row.cron, row.timezone).after(now) ?? null;
    if (alone) return this.#refuse(row, tick, error, { mark: now, lookAt });
    this.logger.warn({ pipeline, tick: isoOf(tick) }, `ticks are left out: ${message}`);
  }

  async #refuse(
    row: ScheduleRow,
    tick: number,
    error: ErrorBody,
    change: Partial<ScheduleRow>,
  ): Promise<void> {
    const { pipeline } = row;
    const data = { pipeline, tick: isoOf(tick), error };
    const id = `${pipeline}/${isoOf(tick)}`;
    const event = makeEvent('orchestrator.tick.missed', 'orchestrator', data, { id, subject: pipeline });
    await this.transactions.run(async (em) => {
      await this.#write(em, row, { ...change, error });
      const subject = this.client.subjects.event(event.type);
      await this.outbox.add(em, { subject, messageId: event.id, body: event });
    });
    this.logger.error({ pipeline, tick: isoOf(tick), error }, 'a tick has no run');
  }

  #move(row: ScheduleRow, change: Partial<ScheduleRow>): Promise<void> {
    return this.transactions.run((em) => this.#write(em, row, change));
  }

  /** Only where the schedule is as it was read. @throws Superseded */
  async #write(em: EntityManager, row: ScheduleRow, change: Partial<ScheduleRow>): Promise<void> {
    const { pipeline, mark, cron, timezone } = row;
    const { affected } = await em.update(
      ScheduleRow,
      { pipeline, mark, cron, timezone, paused: false },
      change as QueryDeepPartialEntity<ScheduleRow>,
    );
    if (affected !== 1) throw new Superseded();
  }
}

/** What will be no better the next time. */
const isFinal = ({ code }: DomainError): boolean => code === 'invalid_request' || code === 'not_found';
