import { createHash } from 'node:crypto';
import type { Progress } from '@millrace/contracts';
import { LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { LogLine } from './log-line.entity.js';
import { LogWriter } from './log-writer.js';

export const maxHeardPerStep = 500;
export const maxMessageLength = 4_000;
const maxBuffered = 10_000;
const flushMs = 250;

/** The same for every replica that hears it, and for nothing else that is said: so it is kept once. */
const sourceOf = (
  { step, token, worker }: Progress,
  { level, message }: Pick<LogLine, 'level' | 'message'>,
) =>
  createHash('sha256')
    .update(JSON.stringify([step, token, worker, level, message]))
    .digest('base64url')
    .slice(0, 22);

/**
 * What workers say only in passing, with their progress: gathered for a moment, so that lines don't cost an fsync each.
 * Workers that want every line kept report them with `log.append`.
 */
@Injectable()
export class WorkerLog implements OnModuleDestroy {
  readonly #counts = new Map<string, number>();
  readonly #lines = new Map<string, LogLine[]>();
  #size = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly writer: LogWriter,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  add(progress: Progress, log: NonNullable<Progress['log']>): void {
    const { run, step, at } = progress;
    const key = `${run}/${step}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    if (count > maxHeardPerStep + 1 || this.#size >= maxBuffered) return;
    this.#counts.set(key, count);
    const said =
      count > maxHeardPerStep
        ? { level: 'warn', message: `further lines of this step are left out (limit ${maxHeardPerStep})` }
        : { level: log.level, message: log.message.slice(0, maxMessageLength) };
    const line = { run, step, at, ...said, source: sourceOf(progress, said), n: at };
    const lines = this.#lines.get(run);
    if (lines) lines.push(line);
    else this.#lines.set(run, [line]);
    this.#size += 1;
    this.#timer ??= setTimeout(() => void this.flush(), flushMs).unref();
  }

  /** The step is over. */
  forget(run: string, step: string): void {
    this.#counts.delete(`${run}/${step}`);
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await Promise.all([...this.#lines.keys()].map((run) => this.flushRun(run)));
  }

  async flushRun(run: string): Promise<void> {
    const lines = this.#lines.get(run);
    if (!lines) return;
    this.#lines.delete(run);
    this.#size -= lines.length;
    try {
      await this.writer.write(run, lines);
    } catch (err) {
      this.logger.warn({ err, run, lines: lines.length }, "workers' log lines could not be kept");
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.flush();
  }
}
