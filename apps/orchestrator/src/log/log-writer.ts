import { DomainError } from '@millrace/contracts';
import { forUpdate, Transactions } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { writeRows } from '../database/write-rows.js';
import { isFinished } from '../runs/decide/state.js';
import { RunRow } from '../runs/store/run.entity.js';
import { LogLine } from './log-line.entity.js';
import { LogNews } from './log-news.js';

const maxGroup = 64;
const maxWaiting = 20_000;
/** Transactions that wait for a lock; each has a connection of the pool. */
const maxSingle = 3;

interface Waiting {
  run: string;
  lines: LogLine[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Writes what workers log, what comes meanwhile in one transaction. Under the lock of the run's row, as the run's own
 * lines: so lines of a run become visible in the order of their ids, and none after that with which the run ended.
 */
@Injectable()
export class LogWriter {
  readonly #waiting: Waiting[] = [];
  readonly #single = new Set<Promise<void>>();
  #lines = 0;
  #busy = false;

  constructor(
    private readonly transactions: Transactions,
    private readonly news: LogNews,
  ) {}

  /**
   * Resolves when the lines are kept. Those that are kept already, and those of a run that has ended or is gone, are left
   * out.
   * @throws DomainError `overloaded`, and what the database answers
   */
  write(run: string, lines: LogLine[]): Promise<void> {
    if (this.#lines + lines.length > maxWaiting)
      return Promise.reject(new DomainError('overloaded', `${this.#lines} log lines wait to be written`));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ run, lines, resolve, reject });
      this.#lines += lines.length;
      if (!this.#busy) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, maxGroup);
      const seen = await this.#keep(group, { wait: false }).catch(() => new Set<string>());
      for (const one of group) {
        if (seen.has(one.run)) this.#done(one);
        else await this.#alone(one);
      }
    }
    this.#busy = false;
  }

  /** What is held up by another transaction, or was by another report; it holds up others only when it is one of many. */
  async #alone(one: Waiting): Promise<void> {
    const attempt = this.#keep([one], { wait: true })
      .then(
        () => this.#done(one),
        (error: unknown) => this.#done(one, error),
      )
      .finally(() => this.#single.delete(attempt));
    this.#single.add(attempt);
    if (this.#single.size >= maxSingle) await Promise.race(this.#single);
  }

  /**
   * Waits for the lock of one run only: with several, holding one while waiting for another, it could wait for ever.
   * @returns the runs that are seen to
   */
  #keep(group: readonly Waiting[], { wait }: { wait: boolean }): Promise<Set<string>> {
    return this.transactions.run(async (em) => {
      const runs = await em.find(RunRow, {
        select: { id: true, status: true },
        where: { id: In([...new Set(group.map(({ run }) => run))]) },
        ...forUpdate(em, { skipLocked: !wait }),
      });
      const open = new Set(runs.filter(({ status }) => !isFinished(status)).map(({ id }) => id));
      const lines = group.flatMap((one) => (open.has(one.run) ? one.lines : []));
      await writeRows(em, LogLine, lines, { keep: true });
      for (const run of new Set(lines.map(({ run }) => run))) this.news.tellOnCommit(em, run);
      return new Set(runs.map(({ id }) => id));
    });
  }

  #done({ lines, resolve, reject }: Waiting, error?: unknown): void {
    this.#lines -= lines.length;
    if (error === undefined) resolve();
    else reject(error);
  }
}
