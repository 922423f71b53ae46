import { headerNames, streamName, streams, type Task } from '@millrace/contracts';
import type { Logger } from '@millrace/observability';
import type { JsMsg } from '@nats-io/jetstream';
import type { MessagingClient } from '../client/messaging-client.js';
import { decodeJson, encodeJson } from '../wire/json.js';
import { countWaiting } from './count-waiting.js';
import { DurablePuller, type Consumption } from './durable-puller.js';
import { publishStored } from './publish.js';

/**
 * Until a task that nobody acknowledges or reports on goes to another worker. Workers report every two seconds; a killed
 * one holds up its task no longer than this.
 */
const ackWaitMs = 10_000;

/** Component names have no underscore, so this is unambiguous; durable names may have no dot. */
const durableOf = (component: string): string => component.replaceAll('.', '_');

const countIn = (text: string | undefined): number => (/^\d{1,6}$/.test(text ?? '') ? Number(text) : 0);

/** One delivery of one task. */
export interface Delivery {
  /** Extends the time until redelivery by another `ackWaitMs`. */
  working(): void;
  redelivered: boolean;
  /** 1 for the first. */
  deliveries: number;
  /** How many workers have begun this attempt under earlier tokens and not ended it. */
  lapses: number;
  /** How many of them have vanished with it in hand. */
  crashes: number;
}

export interface WorkQueueOptions {
  /** Tasks in work at once in this process. */
  concurrency: number;
  /** Awaited before the next task is asked for; must resolve when the signal is aborted. */
  ready?: (signal: AbortSignal) => Promise<void>;
  /** Told of a message that is not JSON; it is taken out of the queue, for no worker can ever read it. */
  onMalformed?: (body: Uint8Array, error: Error) => void;
}

/**
 * Tasks for components: `<prefix>.work.<component>`, one durable pull consumer per component that its replicas share.
 * Delivery is at least once; a handler that resolves acknowledges, one that throws gives the task back with a growing
 * delay (or `Redeliver`, with the delay it says).
 */
export class WorkQueue {
  constructor(
    private readonly client: MessagingClient,
    private readonly logger?: Logger,
  ) {}

  /** @throws DomainError `overloaded` when the component's queue is full, `unavailable` when JetStream is away */
  async publish(task: Task, options: { messageId: string; headers?: Record<string, string> }): Promise<void> {
    await publishStored(this.client, {
      subject: this.client.subjects.work(task.component),
      payload: encodeJson(task),
      ...options,
    });
  }

  /** Tasks of a component that wait for a worker or are with one. */
  count(component: string): Promise<number> {
    const subject = this.client.subjects.work(component);
    const stream = streamName(this.client.subjects.prefix, streams.work);
    return countWaiting(this.client, { stream, durable: durableOf(component), subject });
  }

  consume(
    component: string,
    handler: (task: Task, delivery: Delivery) => Promise<void>,
    options: WorkQueueOptions,
  ): Promise<Consumption> {
    const handle = async (message: JsMsg): Promise<void> => {
      let task: Task;
      try {
        task = decodeJson(message.data) as Task;
      } catch (error) {
        this.logger?.error({ err: error, component }, 'a task that is not JSON was dropped');
        options.onMalformed?.(message.data, error as Error);
        return;
      }
      await handler(task, {
        working: () => message.working(),
        redelivered: message.redelivered,
        deliveries: message.info.deliveryCount,
        lapses: countIn(message.headers?.get(headerNames.lapses)),
        crashes: countIn(message.headers?.get(headerNames.crashes)),
      });
    };
    return Promise.resolve(
      new DurablePuller(this.client, {
        stream: streamName(this.client.subjects.prefix, streams.work),
        durable: durableOf(component),
        filter: this.client.subjects.work(component),
        batch: 1,
        lanes: options.concurrency,
        workQueue: true,
        ackWaitMs,
        handle,
        ...(options.ready ? { ready: options.ready } : {}),
        ...(this.logger ? { logger: this.logger } : {}),
      }),
    );
  }
}
