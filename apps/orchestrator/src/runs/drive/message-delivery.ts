import { toDomainError } from '@millrace/contracts';
import { LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { OutOfTurn, RunMessages, type Told } from '../store/run-messages.js';
import { OneByOne } from './one-by-one.js';
import { RunDriver } from './run-driver.js';

/** Of one turn of a run. */
const maxAtOnce = 500;

/** Tells runs what others have to tell them: as soon as that is committed, or whenever somebody finds it. */
@Injectable()
export class MessageDelivery implements OnModuleDestroy {
  readonly #runs = new OneByOne((run) => this.#deliver(run));
  /** What was not told yet at the last round. */
  #waiting: ReadonlySet<number> = new Set();
  #stopped = false;

  constructor(
    private readonly messages: RunMessages,
    private readonly driver: RunDriver,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    driver.hasNews = (run) => void this.#runs.ask(run);
  }

  /** What was there at the last round, too, nobody is telling any more: of whichever replica it is. */
  async round(): Promise<void> {
    const waiting = await this.messages.waiting();
    const left = waiting.filter(({ id }) => this.#waiting.has(id));
    this.#waiting = new Set(waiting.map(({ id }) => id));
    await Promise.all([...new Set(left.map(({ run }) => run))].map((run) => this.#runs.ask(run)));
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    await this.#runs.idle();
  }

  /** Never rejects: the next round tries again. */
  async #deliver(run: string): Promise<void> {
    try {
      for (let more = true; more && !this.#stopped;) {
        const told = await this.messages.to(run, maxAtOnce);
        const settled = await Promise.all(told.map((each) => this.#tell(each)));
        more = told.length === maxAtOnce && settled.every((done) => done);
      }
    } catch (err) {
      this.logger.warn({ err, run }, 'a run could not be told of another; trying again');
    }
  }

  async #tell({ id, run, message }: Told): Promise<boolean> {
    try {
      await this.driver.tell(run, message, { message: id });
      return true;
    } catch (error) {
      if (error instanceof OutOfTurn) return false;
      if (toDomainError(error).code !== 'not_found') throw error;
      this.logger.warn({ run, message: message.type }, 'there is no run to be told of another');
      await this.messages.drop([id]);
      return true;
    }
  }
}
