import { LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RunDriver } from '../drive/run-driver.js';
import type { Signal } from '../drive/signal.js';
import { Earshot } from './earshot.js';
import { Hearing } from './hearing.js';
import type { Lease } from './leases.js';
import { QueueCheck } from './queue-check.js';
import { Rounds } from './rounds.js';
import { Watch } from './watch.js';

/** Every second: does whoever owes an answer still work on it? */
@Injectable()
export class Reconciler implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;

  constructor(
    private readonly hearing: Hearing,
    private readonly earshot: Earshot,
    private readonly driver: RunDriver,
    private readonly rounds: Rounds,
    private readonly queue: QueueCheck,
    private readonly watch: Watch,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const round = () => (this.#round ??= this.#look().finally(() => (this.#round = undefined)));
    this.#timer = setInterval(round, this.hearing.everyMs);
    void round();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
  }

  async #look(): Promise<void> {
    try {
      const heard = this.hearing.ask();
      if (heard === 'again') this.watch.leases.renew();
      if (heard !== 'yes') return;
      await this.rounds.round();
      const { lapsed, ended, silent } = this.watch.leases.overdue();
      if (lapsed.length + ended.length > 0) {
        if (!(await this.hearing.confirm())) return;
        for (const { run, step, token } of await this.earshot.heardOut(ended, ({ endsAt }) => endsAt))
          await this.#tell(run, { type: 'attempt.timed-out', step, token });
        const over = await this.earshot.heardOut(lapsed, ({ seenAt }) => seenAt);
        await Promise.all(over.map((lease) => this.#lapse(lease)));
      }
      if (silent.length > 0) await this.queue.check(silent);
    } catch (err) {
      this.logger.warn({ err }, 'looking after unfinished steps failed; trying again');
    }
  }

  async #lapse(lease: Lease): Promise<void> {
    const { run, step, token } = lease;
    // Meanwhile its worker may have been heard.
    if (!this.watch.leases.isOverdue(lease)) return;
    await this.#tell(run, { type: 'lease.lapsed', step, token, ...(await this.hearing.crashOf(lease)) });
  }

  async #tell(run: string, signal: Signal): Promise<void> {
    await this.driver
      .tell(run, signal)
      .catch((err: unknown) =>
        this.logger.error({ err, run, signal }, 'a run could not be driven on; trying again'),
      );
  }
}
