import { DomainError, type ModelSignature } from '@millrace/contracts';
import type { InferenceSession, Tensor as RuntimeTensor, TensorConstructor } from 'onnxruntime-node';
import { tensorTypeOfRuntime, tensorTypes, type Tensor } from '../tensor/tensor.js';
import { checkFeeds } from './check-feeds.js';
import type { RunnableModel } from './runnable-model.js';

/** A model in memory, ready to run. `run` blocks its thread while it computes. */
export class OnnxModel implements RunnableModel {
  private closed = false;

  constructor(
    readonly signature: ModelSignature,
    /** Distinct operators. */
    readonly ops: readonly string[],
    readonly metadata: Readonly<Record<string, string>>,
    private readonly session: InferenceSession,
    private readonly runtimeTensor: TensorConstructor,
  ) {}

  /**
   * All outputs for `feeds`, which are checked first.
   * @throws InvalidRequest that names the wrong inputs; DomainError `internal` when the runtime fails
   */
  async run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
    checkFeeds(this.signature.inputs, feeds);
    return this.runChecked(feeds);
  }

  /** The same for feeds that are known to fit: names, types and shapes are not looked at. */
  async runChecked(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
    if (this.closed) throw new DomainError('unavailable', 'the model is closed');
    const runtimeFeeds: Record<string, RuntimeTensor> = {};
    for (const name in feeds) {
      const { type, data, dims } = feeds[name]!;
      runtimeFeeds[name] = new this.runtimeTensor(tensorTypes[type].runtime, data as never, dims);
    }
    let results: Record<string, RuntimeTensor>;
    try {
      results = await this.session.run(runtimeFeeds);
    } catch (error) {
      throw runFailed(error);
    }
    const outputs: Record<string, Tensor> = {};
    for (const { name } of this.signature.outputs) outputs[name] = fromRuntime(results[name]!);
    return outputs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.session.release();
  }
}

export const runFailed = (cause: unknown): DomainError =>
  new DomainError('internal', `the model failed: ${(cause as Error).message}`, { retryable: false, cause });

const fromRuntime = (tensor: RuntimeTensor): Tensor => {
  const type = tensorTypeOfRuntime(tensor.type);
  if (!type) throw new DomainError('unsupported', `an output is of type ${tensor.type}`);
  return {
    type,
    dims: [...tensor.dims],
    data: type === 'FP16' ? bitsOf(tensor.data) : tensor.data,
  } as Tensor;
};

/** Where Node has a Float16Array, FP16 comes as one. */
const bitsOf = (data: RuntimeTensor['data']): Uint16Array => {
  const { buffer, byteOffset, length } = data as Uint16Array;
  return new Uint16Array(buffer, byteOffset, length);
};
