import { toDomainError, type Completion } from '@millrace/contracts';
import { CompletionQueue, Redeliver, type Consumption } from '@millrace/messaging';
import { LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RunDriver } from '../drive/run-driver.js';
import { Watch } from '../watch/watch.js';
import { WorkerLog } from '../../log/worker-log.service.js';
import { parseCompletion } from './parse-completion.js';

const againMs = 1_000;

/** Takes what workers report as done. Delivered twice, or under an old token, it changes nothing. */
@Injectable()
export class CompletionListener implements OnApplicationBootstrap, OnModuleDestroy {
  #consumption: Consumption | undefined;

  constructor(
    private readonly queue: CompletionQueue,
    private readonly driver: RunDriver,
    private readonly watch: Watch,
    private readonly workerLog: WorkerLog,
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
    const { run, step, token, worker, result, log, startedAt, finishedAt, redelivered } = completion;
    const durationMs = Math.max(0, finishedAt - startedAt);
    if (redelivered === undefined) this.watch.leases.hold(completion);
    const signal = {
      type: 'task.completed',
      step,
      token,
      worker,
      result,
      durationMs,
      ...(log ? { log } : {}),
    } as const;
    try {
      if (redelivered !== undefined) return await this.#doubt(completion);
      await this.workerLog.flushRun(run);
      await this.driver.tell(run, signal);
    } catch (error) {
      const { code } = toDomainError(error);
      if (code === 'not_found')
        return this.logger.warn(
          { run, step, token },
          'a completion for a run that does not exist was dropped',
        );
      // Soon, and without growing delays: the step's lease is held only while its answer keeps coming.
      this.logger.warn({ err: error, run, step, token }, 'a completion could not be written down yet');
      throw new Redeliver(againMs);
    }
  }

  /** Nothing was done: JetStream has found somebody else for the task, since whoever had it says nothing any more. */
  async #doubt({ run, step, token, worker }: Completion): Promise<void> {
    await this.driver.look(run, { seen: [{ step, token }] });
    if (this.watch.leases.doubt({ run, step, token }))
      this.logger.info({ run, step, token, worker }, 'a task was delivered once more');
  }
}
