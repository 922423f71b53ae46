import { LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable } from '@nestjs/common';
import { NoSlot } from '../store/claim-slot.js';
import { RunReader } from '../store/run-reader.js';
import { RunDriver } from './run-driver.js';

/** Lets runs begin that were kept because their pipeline allows only so many at once, oldest first. */
@Injectable()
export class Admission {
  readonly #busy = new Map<string, { again: boolean; done: Promise<void> }>();

  constructor(
    private readonly reader: RunReader,
    private readonly driver: RunDriver,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    driver.roomFor = (pipeline) => void this.admit(pipeline);
  }

  /** Whatever is kept, of whichever replica: what nobody was there to begin. */
  async round(): Promise<void> {
    for (const pipeline of await this.reader.pendingPipelines()) await this.admit(pipeline);
  }

  /** Resolves when no more runs of the pipeline can begin now. Never rejects: the next round tries again. */
  admit(pipeline: string): Promise<void> {
    const busy = this.#busy.get(pipeline);
    if (busy) {
      busy.again = true;
      return busy.done;
    }
    const work = { again: false, done: Promise.resolve() };
    this.#busy.set(pipeline, work);
    work.done = this.#drain(pipeline, work).finally(() => this.#busy.delete(pipeline));
    return work.done;
  }

  async #drain(pipeline: string, work: { again: boolean }): Promise<void> {
    do {
      work.again = false;
      try {
        for (let run = await this.reader.oldestPending(pipeline); run !== undefined;) {
          await this.driver.tell(run, { type: 'run.started' });
          const next = await this.reader.oldestPending(pipeline);
          run = next === run ? undefined : next;
        }
      } catch (err) {
        if (!(err instanceof NoSlot))
          this.logger.warn({ err, pipeline }, 'a run could not begin; trying again');
      }
    } while (work.again);
  }
}
