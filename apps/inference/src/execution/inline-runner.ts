import type { OnnxModel, Tensor } from '@millrace/onnx';
import type { Feeds } from '../protocol/tensor.js';
import { rowsOf, slices, stack } from './batch.js';
import type { Runner } from './runner.js';

/** Runs on this thread: best for models of a few microseconds per row, which a hop to another thread would cost more than. */
export class InlineRunner implements Runner {
  constructor(
    private readonly model: OnnxModel,
    readonly maxRows: number,
  ) {}

  /** They were read against the model's own signature. A request of more rows is run in parts, with a breath between. */
  run(feeds: Feeds): Promise<Feeds> {
    return rowsOf(feeds) <= this.maxRows
      ? this.model.runChecked(feeds as Record<string, Tensor>)
      : this.runInParts(feeds);
  }

  close(): Promise<void> {
    return this.model[Symbol.asyncDispose]();
  }

  private async runInParts(feeds: Feeds): Promise<Feeds> {
    const outputs: Feeds[] = [];
    for (const part of slices(feeds, this.maxRows))
      outputs.push(await this.model.runChecked(part as Record<string, Tensor>));
    return stack(outputs);
  }
}
