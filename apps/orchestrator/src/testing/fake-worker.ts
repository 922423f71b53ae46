import type {
  Completion,
  ComponentDescriptor,
  ErrorBody,
  LogReport,
  PortValue,
  Task,
} from '@millrace/contracts';
import { CompletionQueue, WorkQueue, type Consumption, type MessagingClient } from '@millrace/messaging';
import { eventually } from '@millrace/testing';

/** A component that does only what a test tells it to: falls silent, reports late, reports twice. */
export class FakeWorker implements AsyncDisposable {
  readonly tasks: Task[] = [];
  readonly cancelled: { run: string; step: string; token: number }[] = [];
  readonly #done: CompletionQueue;
  #consumption: Consumption | undefined;
  #cancellations: { unsubscribe(): void } | undefined;

  constructor(
    private readonly client: MessagingClient,
    readonly descriptor: ComponentDescriptor,
  ) {
    this.#done = new CompletionQueue(client);
  }

  /** Takes tasks, acknowledging each at once. */
  async start(): Promise<void> {
    const { client, descriptor } = this;
    this.#cancellations = client.subscribe(
      client.subjects.cancel(),
      (body) => void this.cancelled.push(body as Task),
    );
    this.#consumption = await new WorkQueue(client).consume(
      descriptor.name,
      (task) => Promise.resolve(void this.tasks.push(task)),
      { concurrency: 2 },
    );
    this.announce();
  }

  announce(): void {
    this.client.publish(this.client.subjects.announce(), { service: 'fake', descriptors: [this.descriptor] });
  }

  taken(match: Partial<Task>): Promise<Task> {
    const entries = Object.entries(match) as [keyof Task, unknown][];
    const fits = (task: Task) => entries.every(([key, value]) => task[key] === value);
    return eventually(() => this.tasks.find(fits), {
      what: `task ${JSON.stringify(match)}`,
    }) as Promise<Task>;
  }

  beat({ run, step, token }: Task, more: object = {}): void {
    const progress = { run, step, token, worker: 'fake', at: Date.now(), ...more };
    this.client.publish(this.client.subjects.progress(run, step), progress);
  }

  async fail({ run, step, token, attempt }: Task, error: ErrorBody): Promise<void> {
    const times = { startedAt: Date.now(), finishedAt: Date.now() };
    const result: Completion['result'] = { status: 'failed', error };
    await this.#done.publish({ run, step, token, attempt, worker: 'fake', result, ...times });
  }

  async complete(
    { run, step, token, attempt }: Task,
    value: PortValue,
    worker = 'fake',
    log?: LogReport,
  ): Promise<void> {
    const result: Completion['result'] = { status: 'succeeded', outputs: { value } };
    const times = { startedAt: Date.now(), finishedAt: Date.now() };
    const more = log ? { log } : {};
    await this.#done.publish({ run, step, token, attempt, worker, result, ...more, ...times });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cancellations?.unsubscribe();
    await this.#consumption?.stop();
  }
}

export const fakeDescriptor: ComponentDescriptor = {
  name: 'fake.step',
  version: '1.0.0',
  description: 'What a test says.',
  inputs: { a: { type: 'value', optional: true } },
  outputs: { value: { type: 'value' } },
  params: { type: 'object' },
  deterministic: false,
  timeoutMs: 60_000,
};
