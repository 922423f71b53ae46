import type { Progress } from '@millrace/contracts';
import { MessagingClient } from '@millrace/messaging';
import { LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { WorkerLog } from '../../log/worker-log.service.js';
import { positionIn } from '../decide/position-in.js';
import { isOut } from '../decide/state.js';
import { RunDriver } from '../drive/run-driver.js';
import { Watch } from '../watch/watch.js';
import { parseProgress } from './parse-progress.js';

/** A first sign of life goes along with the next change of the run; alone, it waits this long for one. */
const patienceMs = 40;
/** How often a worker that goes on in vain is looked up and told so. */
const tellAgainMs = 1_500;

/** Hears workers while they work: their heartbeats, and what they log. */
@Injectable()
export class ProgressListener implements OnApplicationBootstrap, OnModuleDestroy {
  #subscription: { unsubscribe(): void } | undefined;
  readonly #told = new Map<string, number>();

  constructor(
    private readonly client: MessagingClient,
    private readonly driver: RunDriver,
    private readonly watch: Watch,
    private readonly workerLog: WorkerLog,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#subscription = this.client.subscribe(
      this.client.subjects.progressOfRun('*'),
      (body) => this.hear(body),
      { onError: (err) => this.logger.warn({ err }, 'a progress message was not understood') },
    );
  }

  onModuleDestroy(): void {
    this.#subscription?.unsubscribe();
  }

  async hear(body: unknown): Promise<void> {
    const progress = parseProgress(body);
    if (!progress) return;
    const sign = this.watch.leases.sign(progress);
    if (sign === 'stale') return this.#turnAway(progress);
    if (sign === 'unknown') return this.#inquire(progress);
    if (progress.log && progress.log.n === undefined) this.workerLog.add(progress, progress.log);
    if (sign === 'first') await this.#begin(progress);
  }

  async #begin({ run, step, token, worker, probe }: Progress): Promise<void> {
    const signal = { type: 'task.started' as const, step, token, worker, ...(probe ? { probe } : {}) };
    await this.driver.tell(run, signal, { patienceMs });
  }

  /** Of a run that this replica doesn't watch, or that is over. */
  async #inquire(progress: Progress): Promise<void> {
    if (!this.#mayAsk(progress)) return;
    const known = await this.driver.look(progress.run, { seen: [progress] });
    if (!known) return;
    const step = known.state.steps[positionIn(known.state.plan, progress.step) ?? -1];
    // Having looked, it is watched from now on: the next sign of life finds its lease.
    if (step && isOut(step) && step.token === progress.token) return;
    this.watch.cancel(progress);
  }

  /** It works on what has been given to another, or was cancelled when nobody could tell it. */
  #turnAway(progress: Progress): void {
    if (this.#mayAsk(progress)) this.watch.cancel(progress);
  }

  #mayAsk({ run, step, token }: Progress): boolean {
    const key = `${run}/${step}/${token}`;
    const now = performance.now();
    const last = this.#told.get(key) ?? -Infinity;
    if (now - last < tellAgainMs) return false;
    for (const [old, at] of this.#told) {
      if (now - at < tellAgainMs) break;
      this.#told.delete(old);
    }
    this.#told.delete(key);
    this.#told.set(key, now);
    return true;
  }
}
