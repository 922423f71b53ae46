import { LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository } from 'typeorm';
import { OrchestratorEnv } from '../config/orchestrator.env.js';
import { FiringRow } from './firing.entity.js';
import { TriggerSources, type Source } from './trigger-sources.js';
import { TriggerRow } from './trigger.entity.js';

/** How soon a stream that was made or removed around a subject is noticed, in multiples of RECONCILE_MS. */
const streamsEvery = 10;
const pruneMs = 3_600_000;
/** Longer than any stream of ours keeps an event. */
const keepMs = 8 * 86_400_000;

/** Keeps the roads to the triggers in line with the triggers. */
@Injectable()
export class TriggerListener implements OnApplicationBootstrap, OnModuleDestroy {
  /** By event type, or by trigger. */
  readonly #sources = new Map<string, Source>();
  readonly #timers: NodeJS.Timeout[] = [];
  #work: Promise<void> | undefined;
  #wanted = false;
  #checkedAt = -Infinity;
  #stopped = false;

  constructor(
    @InjectRepository(TriggerRow) private readonly triggers: Repository<TriggerRow>,
    @InjectRepository(FiringRow) private readonly firings: Repository<FiringRow>,
    private readonly sources: TriggerSources,
    private readonly env: OrchestratorEnv,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.look();
    // So soon triggers that another replica took in are heard here too.
    this.#timers.push(
      setInterval(() => this.look(), this.env.RECONCILE_MS),
      setInterval(() => this.#prune(), pruneMs).unref(),
    );
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    this.#timers.forEach((timer) => clearInterval(timer));
    await this.#work;
    await Promise.all([...this.#sources.values()].map(({ consumption }) => consumption.stop()));
  }

  /** Soon, and one look after the other. */
  look(): void {
    this.#wanted = true;
    this.#work ??= this.#lookAround().finally(() => (this.#work = undefined));
  }

  sourceOf({ id, event }: TriggerRow): Source | undefined {
    return this.#sources.get(event ?? id);
  }

  async #lookAround(): Promise<void> {
    while (this.#wanted && !this.#stopped) {
      this.#wanted = false;
      await this.#look().catch((err: unknown) =>
        this.logger.warn({ err }, 'looking for triggers failed; trying again'),
      );
    }
  }

  async #look(): Promise<void> {
    const triggers = await this.triggers.find();
    const wanted = new Set(triggers.map(({ id, event }) => event ?? id));
    for (const [key, source] of this.#sources)
      if (!wanted.has(key)) {
        this.#sources.delete(key);
        await source.consumption.stop();
        await this.sources.forget(key, source);
      }
    const check = performance.now() - this.#checkedAt >= streamsEvery * this.env.RECONCILE_MS;
    if (check) this.#checkedAt = performance.now();
    for (const trigger of triggers)
      if (trigger.event === null) await this.#hearSubject(trigger, check);
      else if (!this.#sources.has(trigger.event))
        this.#sources.set(trigger.event, await this.sources.ofEvent(trigger.event));
  }

  async #hearSubject(trigger: TriggerRow, check: boolean): Promise<void> {
    const known = this.#sources.get(trigger.id);
    if (known && !check) return;
    const stream = await this.sources.findStream(trigger.subject ?? '');
    if (known && known.stream === stream) return;
    await known?.consumption.stop();
    // What came before was heard on the other road.
    const since = known ? Date.now() : trigger.since;
    const source =
      stream === undefined ? this.sources.ofCore(trigger) : this.sources.ofStream(trigger, stream, since);
    this.#sources.set(trigger.id, source);
    const { id, pipeline, subject } = trigger;
    this.logger.info(
      { trigger: id, pipeline, subject, stream, delivery: source.delivery },
      'a trigger listens',
    );
  }

  #prune(): void {
    void this.firings.delete({ at: LessThan(Date.now() - keepMs) }).catch(() => undefined); // next hour, then
  }
}
