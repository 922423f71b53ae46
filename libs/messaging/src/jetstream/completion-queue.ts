import { streamName, streams, type Completion } from '@millrace/contracts';
import type { Logger } from '@millrace/observability';
import type { MessagingClient } from '../client/messaging-client.js';
import { decodeJson, encodeJson } from '../wire/json.js';
import { countWaiting, horizonOf, type Horizon } from './count-waiting.js';
import { DurablePuller, type Consumption } from './durable-puller.js';
import { publishStored } from './publish.js';

/**
 * Short: a completion that a killed orchestrator held must not be missed for longer than a lease, or its step would be
 * done once more.
 */
const ackWaitMs = 5_000;
const durable = 'orchestrator';

/** Ends of attempts: from workers to the orchestrator, on `<prefix>.done`. At least once. */
export class CompletionQueue {
  constructor(
    private readonly client: MessagingClient,
    private readonly logger?: Logger,
  ) {}

  /** @throws DomainError `unavailable` when JetStream is away; publishing again is safe */
  async publish(completion: Completion): Promise<void> {
    const { run, step, token, worker } = completion;
    await publishStored(this.client, {
      subject: this.client.subjects.done(),
      // Two workers may hold one token after a redelivery; each has its own say.
      messageId: `done/${run}/${step}/${token}/${worker}`,
      payload: encodeJson(completion),
    });
  }

  /** Completions that wait for the orchestrator or are with it. */
  async count(): Promise<number> {
    const { prefix } = this.client.subjects;
    return countWaiting(this.client, { stream: streamName(prefix, streams.done), durable });
  }

  /** Whatever had been said by now is heard as soon as all up to `last` is answered. */
  horizon(): Promise<Horizon> {
    const { prefix } = this.client.subjects;
    return horizonOf(this.client, { stream: streamName(prefix, streams.done), durable });
  }

  /**
   * A handler that resolves acknowledges; one that throws gets the completion again. Several are handled side by side, so
   * that one transaction may take them all. Replicas share the queue.
   */
  consume(handler: (completion: Completion) => Promise<void>): Promise<Consumption> {
    const { prefix } = this.client.subjects;
    return Promise.resolve(
      new DurablePuller(this.client, {
        stream: streamName(prefix, streams.done),
        durable,
        filter: this.client.subjects.done(),
        batch: 64,
        lanes: 2,
        together: true,
        workQueue: true,
        ackWaitMs,
        handle: async (message) => {
          let completion: Completion;
          try {
            completion = decodeJson(message.data) as Completion;
          } catch (err) {
            this.logger?.error({ err }, 'a completion that is not JSON was dropped');
            return;
          }
          await handler(completion);
        },
        ...(this.logger ? { logger: this.logger } : {}),
      }),
    );
  }
}
