import { DomainError, type Completion } from '@millrace/contracts';
import { CompletionQueue, type Consumption } from '@millrace/messaging';
import { LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RunDriver } from '../drive/run-driver.js';
import { parseCompletion } from './parse-completion.js';

/** Takes what workers report as done. Delivered twice, or under an old token, it changes nothing. */
@Injectable()
export class CompletionListener implements OnApplicationBootstrap, OnModuleDestroy {
  #consumption: Consumption | undefined;

  constructor(
    private readonly queue: CompletionQueue,
    private readonly driver: RunDriver,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.#consumption = await this.queue.consume((completion) => this.take(completion));
  }

  async onModuleDestroy(): Promise<void> {
    await this.#consumption?.stop();
  }

  /** Resolves when the completion is committed, or is nothing to us. */
  async take(message: Completion): Promise<void> {
    const completion = parseCompletion(message);
    if (!completion) return this.logger.warn({ message }, 'a completion that is none was dropped');
    const { run, step, token, worker, result, startedAt, finishedAt } = completion;
    const durationMs = Math.max(0, finishedAt - startedAt);
    try {
      await this.driver.tell(run, { type: 'task.completed', step, token, worker, result, durationMs });
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'not_found') throw error;
      this.logger.warn({ run, step, token }, 'a completion for a run that does not exist was dropped');
    }
  }
}
