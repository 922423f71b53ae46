import { setTimeout as wait } from 'node:timers/promises';
import type { MessagingClient } from '@millrace/messaging';
import { jetstream, jetstreamManager, RetentionPolicy } from '@nats-io/jetstream';
import type { Entry, Lines } from '../ledger/ledger.js';
import { insist } from './asking.js';
import { Random } from '../random/random.js';

export interface SenderOptions {
  seed: number;
  client: MessagingClient;
  ledger: Lines<Entry>;
  subject: string;
  everyMs: number;
  /** How often JetStream lost what it had. */
  losses(): number;
}

const stream = 'PLANT';
const timeout = 2_000;

/**
 * A plant with a stream of its own. What its stream has lost with JetStream's directory it sends again, and now and then
 * it sends something twice: under the same id, so that it is the same message.
 */
export class Sender {
  #sent = 0;
  #losses = 0;

  constructor(private readonly o: SenderOptions) {}

  /** Until it is told to stop; then until the stream has all that it may have lost. */
  async run(signal: AbortSignal): Promise<void> {
    this.#losses = this.o.losses();
    await this.#whenHeard();
    for (; !signal.aborted; this.#sent++) {
      await this.#sendAgain();
      this.o.ledger.append({ type: 'sent', number: this.#sent });
      await this.#send(this.#sent);
      this.o.ledger.append({ type: 'stored', number: this.#sent });
      if (new Random(this.o.seed, 'twice', this.#sent).chance(0.2)) await this.#send(this.#sent);
      await wait(this.o.everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** What may be lost, until nothing was lost meanwhile. */
  async #sendAgain(): Promise<void> {
    while (this.#losses !== this.o.losses()) {
      this.#losses = this.o.losses();
      await this.#whenHeard();
      for (let number = 0; number < this.#sent; number++) await this.#send(number);
    }
  }

  /** After the storm: the last loss may have come after the last message. */
  finish(): Promise<void> {
    return this.#sendAgain();
  }

  /** There is the stream, and somebody has a place in it. */
  async #whenHeard(): Promise<void> {
    await insist(async () => {
      const manager = await jetstreamManager(this.o.client.nc, { checkAPI: false, timeout });
      const config = { name: stream, subjects: [this.o.subject], retention: RetentionPolicy.Limits };
      await manager.streams.info(stream).catch(() => manager.streams.add(config));
      for await (const _ of manager.consumers.list(stream)) return;
      throw new Error('nobody listens yet');
    });
  }

  async #send(number: number): Promise<void> {
    const id = `heard-${number}`;
    const event = { specversion: '1.0', id, source: 'plant', type: 'plant.heard', data: { x: number } };
    const body = JSON.stringify(event);
    await insist(async () => {
      try {
        await jetstream(this.o.client.nc).publish(this.o.subject, body, { timeout });
      } catch (error) {
        // Perhaps there is no stream any more.
        await this.#whenHeard();
        throw error;
      }
    });
  }
}
