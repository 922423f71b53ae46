import { LOGGER, type Logger } from '@millrace/observability';
import { Transactions } from '@millrace/persistence';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThanOrEqual, Not, IsNull, type Repository } from 'typeorm';
import { Endpoint } from '../endpoints/endpoint.entity.js';
import { lockEndpoint } from '../endpoints/lock-endpoint.js';
import { Presence } from '../replicas/presence.js';
import { RolloutStore } from './rollout-store.js';

/** What another replica of this service began and did not end is found after so long at the latest. */
const longestPauseMs = 5_000;
const shortestPauseMs = 20;
const atOnce = 100;

/** Lets time do what it does to rollouts. Any number of replicas may: each change is decided under the endpoint's lock. */
@Injectable()
export class RolloutDriver implements OnApplicationBootstrap, OnApplicationShutdown {
  private stopped = false;
  private wake: () => void = () => {};
  private running: Promise<void> | undefined;

  constructor(
    @InjectRepository(Endpoint) private readonly endpoints: Repository<Endpoint>,
    private readonly transactions: Transactions,
    private readonly store: RolloutStore,
    private readonly presence: Presence,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.store.onChange(() => this.wake());
    this.running = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      let pause = longestPauseMs;
      try {
        await this.look();
        pause = await this.untilNext();
      } catch (err) {
        this.logger.warn({ err }, 'rollouts could not be looked after; will be tried again');
      }
      await this.sleep(pause);
    }
  }

  private async look(): Promise<void> {
    const due = await this.endpoints.find({
      where: { dueAt: LessThanOrEqual(Date.now()) },
      order: { dueAt: 'ASC' },
      take: atOnce,
    });
    if (due.some(({ rollout }) => rollout?.phase === 'preparing')) await this.presence.look();
    for (const { name } of due) {
      if (this.stopped) return;
      await this.advance(name);
    }
  }

  /** One that cannot be advanced must not hold up the others. */
  private async advance(name: string): Promise<void> {
    try {
      await this.transactions.run(async (em) => {
        const endpoint = await lockEndpoint(em, name);
        if (endpoint) await this.store.advance(em, endpoint);
      });
    } catch (err) {
      this.logger.warn({ err, endpoint: name }, 'a rollout could not be advanced; will be tried again');
    }
  }

  private async untilNext(): Promise<number> {
    const [next] = await this.endpoints.find({
      where: { dueAt: Not(IsNull()) },
      order: { dueAt: 'ASC' },
      take: 1,
    });
    const pause = next ? next.dueAt! - Date.now() : longestPauseMs;
    return Math.min(Math.max(pause, shortestPauseMs), longestPauseMs);
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.stopped) this.wake();
    });
  }
}
