import { DomainError, graphLimits, headerNames, type ArtifactRef } from '@millrace/contracts';
import type { CompiledNode } from '@millrace/pipeline/inference-graph';
import type { QueuedRun } from '../execution/queued-run.js';
import { compileInterface, type ModelInterface } from '../protocol/model-interface.js';
import type { Feeds } from '../protocol/tensor.js';
import type { Servable } from '../serving/servable.js';
import type { SketchedModel } from '../windows/sketched-columns.js';
import { runNode, type LeafRunner } from './run-node.js';

export interface GraphLeaf extends LeafRunner {
  readonly refusal?: DomainError | undefined;
  readonly outage?: DomainError | undefined;
}

/** A graph whose models are in memory: it answers like one model. */
export class LoadedGraph implements Servable {
  readonly interface: ModelInterface;
  readonly description: SketchedModel;
  /** Asked by every request, whichever way it takes. */
  private readonly always: readonly GraphLeaf[];

  constructor(
    readonly artifact: ArtifactRef,
    private readonly root: CompiledNode,
    private readonly leaves: ReadonlyMap<string, GraphLeaf>,
    private readonly release: () => Promise<void>,
  ) {
    this.description = root.ports;
    this.interface = compileInterface(root.ports.signature);
    this.always = unconditional(root).map((name) => leaves.get(name)!);
  }

  get refusal(): DomainError | undefined {
    for (const { refusal } of this.always) if (refusal) return refusal;
    return undefined;
  }

  get outage(): DomainError | undefined {
    for (const { outage } of this.always) if (outage) return outage;
    return undefined;
  }

  async run(request: QueuedRun): Promise<Feeds> {
    const hops = (request.hops ?? (Number(request.headers?.get(headerNames.graphHops)) || 0)) + 1;
    if (hops > graphLimits.hops)
      throw new DomainError(
        'data_invalid',
        `more than ${graphLimits.hops} graphs ask each other for one request`,
      );
    const began = performance.now();
    const abandoned = request.abandoned ?? { yes: false };
    const outputs = await runNode(this.root, request.feeds, {
      leaves: this.leaves,
      request,
      abandoned,
      hops,
    });
    const inferMs = performance.now() - began;
    request.observer?.executed({ rows: request.rows, requests: 1, inputMs: 0, inferMs, outputMs: 0 });
    return outputs;
  }

  close(): Promise<void> {
    return this.release();
  }
}

const unconditional = (node: CompiledNode): string[] => {
  switch (node.kind) {
    case 'leaf':
      return [node.name];
    case 'chain':
      return node.steps.flatMap((step) => unconditional(step.node));
    case 'ensemble':
      return node.members.flatMap((member) => unconditional(member.node));
    case 'route':
      return [];
  }
};
