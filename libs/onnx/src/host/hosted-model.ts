import { DomainError, isErrorCode, type ModelSignature } from '@millrace/contracts';
import { inspectModel } from '../inspect/inspect-model.js';
import { checkFeeds } from '../model/check-feeds.js';
import { cannotLoad, sessionOptions, type LoadOptions } from '../model/load-model.js';
import { runFailed } from '../model/onnx-model.js';
import type { RunnableModel } from '../model/runnable-model.js';
import { tensorTypeOfRuntime, tensorTypes, type Tensor } from '../tensor/tensor.js';
import type { HostResult, HostTensor } from './channel.js';
import type { ModelHost } from './model-host.js';

export interface HostedOptions extends LoadOptions {
  loadTimeoutMs: number;
  runTimeoutMs: number;
}

/** A model in a thread or a process of its own: one run at a time, while this thread goes on. */
export class HostedModel implements RunnableModel {
  private took = 0;

  constructor(
    readonly signature: ModelSignature,
    private readonly host: ModelHost,
    /** Of the next runs. */
    public runTimeoutMs: number,
  ) {}

  /** What the last run took there, in milliseconds, without the way. */
  get lastRunMs(): number {
    return this.took;
  }

  /** Why it can't be asked any more. */
  get ended(): DomainError | undefined {
    return this.host.ended;
  }

  /** @throws besides those of every model: DomainError `deadline_exceeded`, `unavailable`, when it is `ended` */
  async run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
    checkFeeds(this.signature.inputs, feeds);
    return this.runChecked(feeds);
  }

  /**
   * The same for feeds that are known to fit.
   * @param owned Nobody else has these arrays: they may be given away instead of copied.
   */
  async runChecked(feeds: Record<string, Tensor>, owned = false): Promise<Record<string, Tensor>> {
    const run: Record<string, HostTensor> = {};
    const transfer: ArrayBuffer[] = [];
    for (const name in feeds)
      run[name] = toHost(feeds[name]!, owned || this.host.kind === 'process', transfer);
    const given = this.host.kind === 'thread' ? transfer : [];
    const { ms, outputs } = await this.asked(this.host.request({ run }, this.runTimeoutMs, given));
    this.took = ms;
    return fromHost(this.signature, outputs!);
  }

  /** At once, whatever it is doing; a thread goes when its run is over. */
  end(): void {
    this.host.end();
  }

  private async asked(result: Promise<HostResult>): Promise<HostResult> {
    try {
      return await result;
    } catch (error) {
      throw isErrorCode((error as DomainError).code) ? error : runFailed(error);
    }
  }
}

/**
 * Inspects a model, then loads it into `host`, in the place of what that held before.
 * @throws DomainError `data_invalid` when it is refused, cannot be loaded, or ends its host; `unavailable` when that was
 * ended by somebody else
 */
export const loadHosted = async (
  bytes: Uint8Array,
  host: ModelHost,
  options: HostedOptions,
): Promise<HostedModel> => {
  const { inputs, outputs } = inspectModel(bytes);
  try {
    await host.request({ load: bytes, options: sessionOptions(options) }, options.loadTimeoutMs);
  } catch (error) {
    throw (error as DomainError).code === 'unavailable' ? error : cannotLoad(error);
  }
  return new HostedModel({ inputs, outputs }, host, options.runTimeoutMs);
};

/** An array alone in its buffer: a message carries all of a buffer, however small the part that is meant. */
const toHost = ({ type, dims, data }: Tensor, asIs: boolean, transfer: ArrayBuffer[]): HostTensor => {
  const whole = asIs || Array.isArray(data) ? data : data.slice();
  if (!Array.isArray(whole)) transfer.push(whole.buffer as ArrayBuffer);
  return { type: tensorTypes[type].runtime, dims, data: whole };
};

const fromHost = (
  { outputs }: ModelSignature,
  results: Record<string, HostTensor>,
): Record<string, Tensor> => {
  const tensors: Record<string, Tensor> = {};
  for (const { name } of outputs) {
    const { type, dims, data } = results[name]!;
    const known = tensorTypeOfRuntime(type);
    if (!known) throw new DomainError('unsupported', `an output is of type ${type}`);
    tensors[name] = { type: known, dims: [...dims], data } as Tensor;
  }
  return tensors;
};
