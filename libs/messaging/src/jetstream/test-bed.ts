import type { Completion, Task } from '@millrace/contracts';
import { startNats, type TestNats } from '@millrace/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { MessagingClient } from '../client/messaging-client.js';
import { connectNats } from '../connection/connect-nats.js';
import { CompletionQueue } from './completion-queue.js';
import type { Consumption } from './durable-puller.js';
import { ensureStreams } from './ensure-streams.js';
import { EventBus } from './event-bus.js';
import { WorkQueue } from './work-queue.js';

/** For tests: one nats-server, and as many Millraces on it, each under a prefix of its own, as tests want. */
export class TestBed {
  private prefixes = 0;
  private readonly running: Consumption[] = [];

  private constructor(
    readonly nats: TestNats,
    readonly nc: NatsConnection,
  ) {}

  static async start(): Promise<TestBed> {
    const nats = await startNats();
    return new TestBed(nats, await connectNats({ url: nats.url, name: 'test' }));
  }

  async setUp() {
    const name = `q${++this.prefixes}`;
    const client = new MessagingClient(this.nc, { prefix: name });
    this.running.push({ stop: () => Promise.resolve(client.close()) });
    await ensureStreams(this.nc, name);
    const manager = await jetstreamManager(this.nc);
    return {
      client,
      work: new WorkQueue(client),
      done: new CompletionQueue(client),
      events: new EventBus(client),
      manager,
      /** Of one of its streams, e.g. `WORK`. */
      stream: (kind: string) => `${name.toUpperCase()}_${kind}`,
    };
  }

  /** Stopped after the test. */
  async keep(consumption: Promise<Consumption>): Promise<void> {
    this.running.unshift(await consumption);
  }

  async stopConsuming(): Promise<void> {
    await Promise.all(this.running.splice(0).map((one) => one.stop()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.nc.close();
    await this.nats.stop();
  }
}

export const task = (step: string, component = 'test.work'): Task => ({
  run: 'r1',
  step,
  component,
  attempt: 1,
  token: 1,
  idempotencyKey: `r1/${step}`,
  params: {},
  inputs: {},
  deadline: Date.now() + 60_000,
});

export const completion = (step: string): Completion => ({
  run: 'r1',
  step,
  attempt: 1,
  token: 1,
  worker: 'w',
  result: { status: 'succeeded', outputs: {} },
  startedAt: 1,
  finishedAt: 2,
});
