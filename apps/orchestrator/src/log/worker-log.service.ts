import type { Progress } from '@millrace/contracts';
import { LOGGER, type Logger } from '@millrace/observability';
import { Transactions } from '@millrace/persistence';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { writeRows } from '../database/write-rows.js';
import { LogLine } from './log-line.entity.js';

export const maxLinesPerStep = 500;
export const maxMessageLength = 4_000;
const maxBuffered = 10_000;
const flushMs = 250;

type Line = Omit<LogLine, 'id'>;

/** What workers log, on its way into the runs' logs: gathered for a moment, so that lines don't cost an fsync each. */
@Injectable()
export class WorkerLog implements OnModuleDestroy {
  readonly #counts = new Map<string, number>();
  #lines: Line[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly transactions: Transactions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  add({ run, step, at }: Progress, log: NonNullable<Progress['log']>): void {
    const key = `${run}/${step}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    if (count > maxLinesPerStep + 1 || this.#lines.length >= maxBuffered) return;
    this.#counts.set(key, count);
    const line =
      count > maxLinesPerStep
        ? { level: 'warn', message: `further lines of this step are left out (limit ${maxLinesPerStep})` }
        : { level: log.level, message: log.message.slice(0, maxMessageLength) };
    this.#lines.push({ run, step, at, ...line });
    this.#timer ??= setTimeout(() => void this.flush(), flushMs).unref();
  }

  /** The step is over. */
  forget(run: string, step: string): void {
    this.#counts.delete(`${run}/${step}`);
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#lines;
    this.#lines = [];
    if (lines.length === 0) return;
    try {
      await this.transactions.run((em) => writeRows(em, LogLine, lines));
    } catch (err) {
      this.logger.warn({ err, lines: lines.length }, "workers' log lines could not be kept");
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.flush();
  }
}
