import type { ArtifactRef, DomainError, ModelManifest } from '@millrace/contracts';
import type { ExecutionSettings } from '../execution/execution-settings.js';
import { ModelQueue } from '../execution/model-queue.js';
import type { QueuedRun } from '../execution/queued-run.js';
import type { Runner } from '../execution/runner.js';
import { compileInterface, type ModelInterface } from '../protocol/model-interface.js';
import type { Feeds } from '../protocol/tensor.js';
import type { Servable } from '../serving/servable.js';

/** A model in memory. */
export class LoadedModel implements Servable {
  readonly interface: ModelInterface;
  private readonly queue: ModelQueue;

  constructor(
    readonly artifact: ArtifactRef,
    readonly description: ModelManifest,
    runners: readonly Runner[],
    settings: ExecutionSettings,
  ) {
    this.interface = compileInterface(description.signature);
    this.queue = new ModelQueue(runners, { ...settings, batchable: this.interface.batchable });
  }

  get refusal(): DomainError | undefined {
    return this.queue.refusal;
  }

  get outage(): DomainError | undefined {
    return this.queue.outage;
  }

  run(request: QueuedRun): Promise<Feeds> {
    return this.queue.run(request);
  }

  /** Answers what it accepted first. */
  close(): Promise<void> {
    return this.queue.close();
  }
}
