import type { ArtifactRef, DomainError, ModelManifest } from '@millrace/contracts';
import type { ExecutionSettings } from '../execution/execution-settings.js';
import { ModelQueue } from '../execution/model-queue.js';
import type { QueuedRun } from '../execution/queued-run.js';
import type { Explanation } from '../explain/explanation.js';
import type { ModelExplainer } from '../explain/model-explainer.js';
import type { Runner } from '../execution/runner.js';
import { compileInterface, type ModelInterface } from '../protocol/model-interface.js';
import type { Feeds } from '../protocol/tensor.js';
import type { Servable } from '../serving/servable.js';
import type { Shelf } from './shelf.js';

export interface LoadedModelOptions {
  artifact: ArtifactRef;
  manifest: ModelManifest;
  settings: ExecutionSettings;
  /** About what it takes when it is awake. */
  bytes: number;
  shelf: Shelf;
  explainer: ModelExplainer;
  /** Brings it into memory again. */
  wake(): Promise<Runner[]>;
}

/** A model that can be asked: in memory, or asleep until the next request. */
export class LoadedModel implements Servable {
  readonly artifact: ArtifactRef;
  readonly description: ModelManifest;
  readonly interface: ModelInterface;
  readonly bytes: number;
  /** Of `performance.now()`. */
  usedAt = performance.now();
  private queue: ModelQueue | undefined;
  private waking: Promise<ModelQueue> | undefined;
  private closed = false;

  constructor(
    private readonly options: LoadedModelOptions,
    runners: readonly Runner[],
  ) {
    this.artifact = options.artifact;
    this.description = options.manifest;
    this.bytes = options.bytes;
    this.interface = compileInterface(this.description.signature);
    this.open(runners);
  }

  get refusal(): DomainError | undefined {
    return this.queue?.refusal;
  }

  get outage(): DomainError | undefined {
    return this.queue?.outage;
  }

  run(request: QueuedRun): Promise<Feeds> {
    this.usedAt = performance.now();
    return this.queue ? this.queue.run(request) : this.awake().then((queue) => queue.run(request));
  }

  explain(request: QueuedRun): Promise<Explanation> {
    this.usedAt = performance.now();
    return this.options.explainer.explain(request);
  }

  /** Gives its memory back once it has answered what it accepted. What comes meanwhile wakes it up again. */
  async sleep(): Promise<void> {
    const { queue } = this;
    this.queue = undefined;
    this.options.explainer.close();
    await queue?.close();
  }

  /** Answers what it accepted first. */
  async close(): Promise<void> {
    this.closed = true;
    this.options.shelf.remove(this);
    this.options.explainer.close();
    await (this.queue ?? (await this.waking?.catch(() => undefined)))?.close();
  }

  /** Whoever comes while it wakes up waits for the same. Fails, with all who wait, when it can't. */
  private awake(): Promise<ModelQueue> {
    return (this.waking ??= this.options
      .wake()
      .then((runners) => this.open(runners))
      .finally(() => (this.waking = undefined)));
  }

  private open(runners: readonly Runner[]): ModelQueue {
    const { settings, shelf } = this.options;
    this.queue = new ModelQueue(runners, { ...settings, batchable: this.interface.batchable });
    if (!this.closed) shelf.add(this);
    return this.queue;
  }
}
