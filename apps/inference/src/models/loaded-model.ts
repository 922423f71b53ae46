import type { ArtifactRef, ModelManifest } from '@millrace/contracts';
import { ModelQueue } from '../execution/model-queue.js';
import type { Runner } from '../execution/runner.js';
import { compileInterface, type ModelInterface } from '../protocol/model-interface.js';

export interface QueueLimits {
  maxQueued: number;
  maxBatchRows: number;
}

/** A model that can be asked. */
export class LoadedModel {
  readonly interface: ModelInterface;
  readonly queue: ModelQueue;

  constructor(
    readonly artifact: ArtifactRef,
    readonly manifest: ModelManifest,
    runner: Runner,
    limits: QueueLimits,
  ) {
    this.interface = compileInterface(manifest.signature);
    this.queue = new ModelQueue(runner, { ...limits, batchable: this.interface.batchable });
  }
}
