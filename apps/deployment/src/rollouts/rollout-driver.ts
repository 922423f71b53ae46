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
/** After one that could not be advanced. */
const againMs = 1_000;
const atOnce = 100;
/** Nothing is done to what is unloaded until it is loaded again. */
const canAdvance = { unloadedAt: IsNull() };

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
        const all = await this.look();
        pause = Math.max(await this.untilNext(), all ? 0 : againMs);
      } catch (err) {
        this.logger.warn({ err }, 'rollouts could not be looked after; will be tried again');
      }
      await this.sleep(pause);
    }
  }

  /** @returns whether all that were due could be advanced */
  private async look(): Promise<boolean> {
    const due = await this.endpoints.find({
      where: { dueAt: LessThanOrEqual(Date.now()), ...canAdvance },
      order: { dueAt: 'ASC' },
      take: atOnce,
    });
    if (due.some(({ rollout }) => rollout?.phase === 'preparing')) await this.presence.look();
    let all = true;
    for (const { name } of due) {
      if (this.stopped) break;
      all = (await this.advance(name)) && all;
    }
    return all;
  }

  /** One that cannot be advanced must not hold up the others. */
  private async advance(name: string): Promise<boolean> {
    try {
      await this.transactions.run(async (em) => {
        const endpoint = await lockEndpoint(em, name);
        if (endpoint) await this.store.advance(em, endpoint);
      });
      return true;
    } catch (err) {
      this.logger.warn({ err, endpoint: name }, 'a rollout could not be advanced; will be tried again');
      return false;
    }
  }

  private async untilNext(): Promise<number> {
    const [next] = await this.endpoints.find({
      where: { dueAt: Not(IsNull()), ...canAdvance },
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
