import { setTimeout as delay } from 'node:timers/promises';
import { DomainError, toDomainError, type Completion } from '@millrace/contracts';
import { Redeliver, type CompletionQueue } from '@millrace/messaging';
import type { Logger } from '@millrace/observability';

/** Sends completions until JetStream has them, however long that takes: only then may their tasks be acknowledged. */
export class CompletionSender {
  private readonly stopping = new AbortController();

  constructor(
    private readonly done: CompletionQueue,
    private readonly logger: Logger,
  ) {}

  /** What is not accepted at once from now on is given up. */
  stop(): void {
    this.stopping.abort();
  }

  /** @throws Redeliver when it was given up */
  async send(completion: Completion): Promise<void> {
    for (let failures = 0; ; failures++) {
      try {
        return await this.done.publish(completion);
      } catch (error) {
        const failure = toDomainError(error);
        const { code, message, retryable } = failure;
        if (!retryable)
          return this.send(completion.log ? withoutLog(completion) : unsendable(completion, failure));
        this.logger.warn(
          { code, reason: message, run: completion.run, step: completion.step },
          'completion not accepted yet',
        );
        await this.wait(Math.min(100 * 2 ** failures, 2_000));
      }
    }
  }

  private async wait(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.stopping.signal }).catch(() => {
      throw new Redeliver();
    });
  }
}

/** What it said has arrived with it, or makes it too large. */
export const withoutLog = ({ log: _log, ...completion }: Completion): Completion => completion;

/** What doesn't fit into a message, or can't be sent for another reason that will not go away. */
const unsendable = (completion: Completion, cause: DomainError): Completion => ({
  ...completion,
  result: {
    status: 'failed',
    error: new DomainError(cause.code, `the result could not be sent: ${cause.message}`, {
      retryable: false,
    }).toBody(),
  },
});
