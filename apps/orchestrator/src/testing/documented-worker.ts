import { createHash } from 'node:crypto';
import type { ComponentDescriptor, PortValue, Task } from '@millrace/contracts';
import { CompletionQueue, WorkQueue, type Consumption, type MessagingClient } from '@millrace/messaging';
import { documented } from './documented.js';

const ref = (type: 'dataset' | 'model', of: string): PortValue => ({
  type,
  digest: `sha256:${createHash('sha256').update(of).digest('hex')}`,
  size: 1,
  mediaType: 'application/json',
});

const outputsOf = ({ component, inputs, params }: Task): Record<string, PortValue> => {
  switch (component) {
    case 'files.list':
      return { names: ['a', 'b'], count: 2 };
    case 'files.load':
      return { dataset: ref('dataset', String(params['source'])) };
    case 'model.fit':
      return {
        model: ref('model', JSON.stringify(inputs)),
        score: { loss: 0.5 / Number(params['seed'] ?? 1) },
      };
    case 'model.merge':
      return { model: ref('model', JSON.stringify(inputs['models'])) };
    default:
      return { value: params['text'] ?? null };
  }
};

/** Does what the components of docs/pipelines.md would do. */
export class DocumentedWorker implements AsyncDisposable {
  readonly tasks: Task[] = [];
  readonly #consumptions: Consumption[] = [];

  constructor(private readonly client: MessagingClient) {}

  async start(): Promise<void> {
    for (const { name } of documented)
      this.#consumptions.push(
        await new WorkQueue(this.client).consume(name, (task) => this.#complete(task), { concurrency: 4 }),
      );
    const descriptors: ComponentDescriptor[] = [...documented];
    this.client.publish(this.client.subjects.announce(), { service: 'documented', descriptors });
  }

  async #complete(task: Task): Promise<void> {
    this.tasks.push(task);
    const { run, step, token, attempt } = task;
    await new CompletionQueue(this.client).publish({
      run,
      step,
      token,
      attempt,
      worker: 'documented',
      result: { status: 'succeeded', outputs: outputsOf(task) },
      startedAt: Date.now(),
      finishedAt: Date.now(),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const consumption of this.#consumptions) await consumption.stop();
  }
}
