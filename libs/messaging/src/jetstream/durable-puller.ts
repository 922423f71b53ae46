import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@millrace/observability';
import {
  AckPolicy,
  DeliverPolicy,
  JetStreamApiError,
  jetstream,
  jetstreamManager,
  type Consumer,
  type ConsumerMessages,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import type { MessagingClient } from '../client/messaging-client.js';
import { ensureStreams } from './ensure-streams.js';
import { Redeliver, redeliveryDelayMs } from './redeliver.js';
import { sweepAcknowledged } from './sweep-acknowledged.js';

export interface PullOptions {
  stream: string;
  durable: string;
  filter: string;
  /** Messages pulled at once by one lane, and worked off one after the other unless `together`. */
  batch: number;
  /** The messages of a pull are worked on side by side: for handlers that gather what they are given. */
  together?: boolean;
  /** How long the server waits for the end of a message before it delivers it again; default 30 s. */
  ackWaitMs?: number;
  /** How many lanes work side by side. */
  lanes: number;
  /** The stream is a work queue: what this consumer has acknowledged is to be gone from it. */
  workQueue?: boolean;
  /** The server forgets the consumer when nobody pulled for so long; default never. */
  inactiveMs?: number;
  /**
   * The stream is somebody else's: it is not made here, and a consumer that is new begins with what came since then,
   * epoch milliseconds.
   */
  foreignSince?: number;
  /** Awaited by each lane before it pulls; must resolve when the signal is aborted. */
  ready?: (signal: AbortSignal) => Promise<void>;
  handle: (message: JsMsg) => Promise<void>;
  logger?: Logger;
}

/** Something that consumes until it is stopped. */
export interface Consumption {
  /** Takes nothing new, and resolves when what was taken is finished or given back. */
  stop(): Promise<void>;
}

const defaultAckWaitMs = 30_000;
/** Short, so that a consumer that vanished without a word is missed soon (two idle heartbeats of half of it). */
const expiresMs = 5_000;
const consumerExists = 10148;
const consumerMissing = 10014;

/**
 * Pulls from a durable consumer, for ever. A lost connection, a restarted server, a deleted consumer or stream, or a
 * wiped JetStream directory end one pull; then stream and consumer are made again and pulling goes on. Each lane pulls
 * only what it can work on now, so a waiting message is never held by a busy replica.
 */
export class DurablePuller implements Consumption {
  private readonly stopped = new AbortController();
  private readonly pulls = new Set<ConsumerMessages>();
  private readonly lanes: Promise<void>[];
  private consumer: Promise<Consumer> | undefined;
  /** Of which connection it is known that the server has nothing any more that was acknowledged. */
  private sweptFor: number | undefined;

  constructor(
    private readonly client: MessagingClient,
    private readonly options: PullOptions,
  ) {
    // Every lane listens, however many there are.
    setMaxListeners(0, this.stopped.signal);
    this.lanes = Array.from({ length: options.lanes }, () => this.lane());
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    for (const pull of this.pulls) pull.stop();
    await Promise.all(this.lanes);
  }

  private get running(): boolean {
    return !this.stopped.signal.aborted && !this.client.nc.isClosed();
  }

  private async lane(): Promise<void> {
    const { signal } = this.stopped;
    for (let failures = 0; this.running;) {
      await this.options.ready?.(signal);
      await this.client.whenConnected(signal);
      try {
        const consumer = await unlessAborted(signal, (this.consumer ??= this.ensure()));
        const idle = (await this.pull(consumer)) === 0;
        failures = 0;
        if (idle) await this.sweep(consumer);
      } catch (error) {
        this.consumer = undefined;
        this.sweptFor = undefined;
        if (!this.running) return;
        // Once is news; until it is better, more of it is noise.
        this.log(
          failures === 0 ? 'warn' : 'debug',
          error,
          'pulling failed, making stream and consumer again',
        );
        await delay(Math.min(100 * 2 ** failures++, 5_000), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** @returns how many messages there were */
  private async pull(consumer: Consumer): Promise<number> {
    const { batch, together = false } = this.options;
    const pull = await consumer.fetch({ max_messages: batch, expires: expiresMs });
    this.pulls.add(pull);
    const working: Promise<void>[] = [];
    const failures: unknown[] = [];
    let messages = 0;
    try {
      for await (const message of pull) {
        messages++;
        if (!this.running) message.nak();
        else if (together) working.push(this.work(message).catch((error) => void failures.push(error)));
        else await this.work(message);
      }
    } finally {
      this.pulls.delete(pull);
      await Promise.all(working);
    }
    if (failures.length > 0) throw failures[0];
    return messages;
  }

  private async sweep(consumer: Consumer): Promise<void> {
    const { connection } = this.client;
    if (!this.options.workQueue || this.sweptFor === connection || !this.running) return;
    const { stream, filter } = this.options;
    const swept = await sweepAcknowledged(this.client.nc, { stream, filter, consumer });
    if (swept === undefined) return;
    this.sweptFor = connection;
    if (swept > 0)
      this.options.logger?.info({ stream, filter, swept }, 'acknowledged messages were left in their queue');
  }

  private async work(message: JsMsg): Promise<void> {
    try {
      await this.options.handle(message);
      message.ack();
    } catch (error) {
      if (error instanceof Redeliver) return message.nak(error.delayMs);
      this.log('error', error, 'handling failed, the message will be delivered again');
      message.nak(redeliveryDelayMs(message.info.deliveryCount));
    }
  }

  private async ensure(): Promise<Consumer> {
    const { stream, durable, filter, inactiveMs, ackWaitMs = defaultAckWaitMs } = this.options;
    const { foreignSince } = this.options;
    const { nc, subjects } = this.client;
    const manager = await jetstreamManager(nc, { checkAPI: false });
    if (foreignSince === undefined) await ensureStreams(nc, subjects.prefix);
    else if (await exists(manager, stream, durable)) return jetstream(nc).consumers.get(stream, durable);
    const config = {
      durable_name: durable,
      filter_subject: filter,
      ack_policy: AckPolicy.Explicit,
      ...(foreignSince === undefined
        ? { deliver_policy: DeliverPolicy.All }
        : {
            deliver_policy: DeliverPolicy.StartTime,
            opt_start_time: new Date(foreignSince).toISOString(),
          }),
      ack_wait: ackWaitMs * 1e6,
      // No limit here: at `max_deliver` the server would leave the message in the stream, unseen.
      max_deliver: -1,
      ...(inactiveMs === undefined ? {} : { inactive_threshold: inactiveMs * 1e6 }),
    };
    await manager.consumers.add(stream, config).catch((error: unknown) => {
      if (error instanceof JetStreamApiError && error.code === consumerExists)
        return manager.consumers.update(stream, durable, config);
      throw error;
    });
    return jetstream(nc).consumers.get(stream, durable);
  }

  private log(level: 'debug' | 'warn' | 'error', err: unknown, message: string): void {
    const { stream, durable } = this.options;
    this.options.logger?.[level]({ err, stream, durable }, message);
  }
}

/** Where a consumer begins can't be said again once it is there. */
const exists = (manager: JetStreamManager, stream: string, durable: string): Promise<boolean> =>
  manager.consumers.info(stream, durable).then(
    () => true,
    (error: unknown) => {
      if (error instanceof JetStreamApiError && error.code === consumerMissing) return false;
      throw error;
    },
  );

/** Doesn't wait for what the server may not answer any more. */
const unlessAborted = async <T>(signal: AbortSignal, work: Promise<T>): Promise<T> => {
  signal.throwIfAborted();
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', onAbort));
};
