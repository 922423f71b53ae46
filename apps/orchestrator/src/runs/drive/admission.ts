import { LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable } from '@nestjs/common';
import { NoSlot } from '../store/claim-slot.js';
import { RunReader } from '../store/run-reader.js';
import type { HotRun } from './hot-run.js';
import { OneByOne } from './one-by-one.js';
import { RunDriver } from './run-driver.js';

/**
 * Lets runs begin that are kept: because their pipeline allows only so many at once, by priority and then oldest first, or
 * as they are new.
 */
@Injectable()
export class Admission {
  readonly #pipelines = new OneByOne((pipeline) => this.#drain(pipeline));

  constructor(
    private readonly reader: RunReader,
    private readonly driver: RunDriver,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    driver.roomFor = (pipeline) => void this.admit(pipeline);
    driver.isThere = (child) => void this.launch(child);
  }

  /** Whatever is kept, of whichever replica: what nobody was there to begin. */
  async round(): Promise<void> {
    for (const pipeline of await this.reader.pendingPipelines()) await this.admit(pipeline);
  }

  /** Resolves when no more runs of the pipeline can begin now. Never rejects: the next round tries again. */
  admit(pipeline: string): Promise<void> {
    return this.#pipelines.ask(pipeline);
  }

  /**
   * Begins a run that was stored with what led to it. It may have to wait for the end of others, but never for one that
   * waits for it: no pipeline runs itself, however indirectly.
   */
  async launch({ state: { run, plan } }: HotRun): Promise<void> {
    try {
      if (plan.concurrency === undefined) await this.driver.tell(run, { type: 'run.started' });
      else {
        await this.driver.tell(run, { type: 'run.held' });
        await this.admit(plan.pipeline);
      }
    } catch (err) {
      this.logger.warn({ err, run }, 'a run could not begin; trying again');
    }
  }

  async #drain(pipeline: string): Promise<void> {
    try {
      for (let run = await this.reader.nextPending(pipeline); run !== undefined;) {
        await this.driver.tell(run, { type: 'run.started' });
        const next = await this.reader.nextPending(pipeline);
        run = next === run ? undefined : next;
      }
    } catch (err) {
      if (!(err instanceof NoSlot))
        this.logger.warn({ err, pipeline }, 'a run could not begin; trying again');
    }
  }
}
