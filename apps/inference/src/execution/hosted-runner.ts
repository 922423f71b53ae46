import { DomainError, toDomainError } from '@millrace/contracts';
import type { HostedModel, HostKind, Tensor } from '@millrace/onnx';
import type { Feeds } from '../protocol/tensor.js';
import type { Breaker } from './breaker.js';
import type { Runner } from './runner.js';

export interface HostedRunnerOptions {
  /** Brings the model into a new thread or process. */
  start(kind: HostKind): Promise<HostedModel>;
  /** One for all runners of a model. */
  breaker: Breaker;
  /** The model's host ended, and it is being started anew. */
  restarted(reason: DomainError): void;
}

/**
 * Runs in a thread or a process. When that ends, the model is loaded into another, always a process: what ended one may
 * end the next, and a thread cannot be stopped.
 */
export class HostedRunner implements Runner {
  readonly maxRows = Infinity;
  private model: Promise<HostedModel> | undefined;
  private closed = false;

  constructor(
    first: HostedModel,
    private readonly options: HostedRunnerOptions,
  ) {
    this.model = Promise.resolve(first);
  }

  get outage(): DomainError | undefined {
    return this.options.breaker.outage;
  }

  async run(feeds: Feeds, owned: boolean): Promise<Feeds> {
    const { outage } = this;
    if (outage) throw outage;
    const model = await this.ready();
    try {
      const outputs = await model.runChecked(feeds as Record<string, Tensor>, owned);
      this.options.breaker.succeed();
      return outputs;
    } catch (error) {
      if (model.ended) this.restart(model.ended);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    (await this.model?.catch(() => undefined))?.end();
  }

  /** It may have been ended while it had nothing to do. */
  private async ready(): Promise<HostedModel> {
    const model = await (this.model ??= this.start());
    if (!model.ended) return model;
    this.restart(model.ended);
    return this.ready();
  }

  private restart(reason: DomainError): void {
    if (this.closed) return;
    this.options.breaker.strike(reason);
    this.options.restarted(reason);
    this.model = this.outage ? undefined : this.start();
  }

  /** Where it fails, whoever waits hears of it, and whoever comes next tries again. */
  private start(): Promise<HostedModel> {
    const starting = this.options.start('process');
    starting.catch((error: unknown) => {
      this.options.breaker.strike(toDomainError(error));
      if (this.model === starting) this.model = undefined;
    });
    return starting;
  }
}
