import type { ArtifactRef, ModelManifest } from '@millrace/contracts';
import { ModelQueue } from '../execution/model-queue.js';
import type { QueuedRun } from '../execution/queued-run.js';
import type { Runner } from '../execution/runner.js';
import { compileInterface, type ModelInterface } from '../protocol/model-interface.js';
import type { Feeds } from '../protocol/tensor.js';
import type { Servable } from '../serving/servable.js';

export interface QueueLimits {
  maxQueued: number;
  maxBatchRows: number;
}

/** A model in memory. */
export class LoadedModel implements Servable {
  readonly interface: ModelInterface;
  private readonly queue: ModelQueue;

  constructor(
    readonly artifact: ArtifactRef,
    readonly description: ModelManifest,
    runner: Runner,
    limits: QueueLimits,
  ) {
    this.interface = compileInterface(description.signature);
    this.queue = new ModelQueue(runner, { ...limits, batchable: this.interface.batchable });
  }

  run(request: QueuedRun): Promise<Feeds> {
    return this.queue.run(request);
  }

  /** Answers what it accepted first. */
  close(): Promise<void> {
    return this.queue.close();
  }
}
