import type { ArtifactRef, ExecutionOptions, GraphPorts, InferenceGraphManifest } from '@millrace/contracts';
import { MessagingClient } from '@millrace/messaging';
import { compileGraph, readGraph } from '@millrace/pipeline/inference-graph';
import { Injectable } from '@nestjs/common';
import { CachedArtifacts } from '../models/cached-artifacts.js';
import type { LoadedModel } from '../models/loaded-model.js';
import { ModelPool } from '../models/model-pool.js';
import { ServedEndpoints } from '../serving/served-endpoints.js';
import type { ModelStatistics } from '../statistics/model-statistics.js';
import { EndpointLeaf } from './endpoint-leaf.js';
import { checkManifest } from './graph-manifest.js';
import { LoadedGraph, type GraphLeaf } from './loaded-graph.js';
import { withStatistics } from './with-statistics.js';

const mostKept = 200;

/** Brings a graph to where it can be asked: all of its models in memory, checked again that they fit each other. */
@Injectable()
export class GraphLoader {
  private readonly kept = new Map<string, InferenceGraphManifest>();

  constructor(
    private readonly models: ModelPool,
    private readonly artifacts: CachedArtifacts,
    private readonly served: ServedEndpoints,
    private readonly client: MessagingClient,
  ) {}

  /** All that it needs is in memory. */
  has({ digest }: ArtifactRef, execution?: ExecutionOptions): boolean {
    const manifest = this.kept.get(digest);
    return (
      manifest !== undefined &&
      Object.values(manifest.models).every(({ artifact }) => this.models.has(artifact, execution))
    );
  }

  /** @param observe the statistics of a node */
  async load(
    artifact: ArtifactRef,
    execution: ExecutionOptions | undefined,
    observe: (node: string) => ModelStatistics,
  ): Promise<LoadedGraph> {
    const { definition, models, endpoints } = await this.manifestOf(artifact);
    const { definition: graph } = readGraph(definition);
    const acquired: LoadedModel[] = [];
    const release = async (): Promise<void> => {
      await Promise.all(acquired.map((model) => this.models.release(model)));
    };
    try {
      const ports = new Map<string, GraphPorts>(Object.entries(endpoints));
      const leaves = new Map<string, GraphLeaf>();
      for (const node of Object.keys(graph.nodes)) {
        const version = models[node];
        if (!version) continue;
        const model = await this.models.acquire(version.artifact, execution);
        acquired.push(model);
        ports.set(node, model.description);
        leaves.set(node, withStatistics(model, model.interface.batchable, observe(node)));
      }
      for (const node of Object.keys(endpoints)) {
        const { endpoint } = graph.nodes[node] as { endpoint: string };
        const leaf = new EndpointLeaf(endpoint, ports.get(node)!, this.served, this.client);
        leaves.set(node, withStatistics(leaf, leaf.batchable, observe(node)));
      }
      return new LoadedGraph(artifact, compileGraph(graph, ports), leaves, release);
    } catch (error) {
      await release();
      throw error;
    }
  }

  private async manifestOf(artifact: ArtifactRef): Promise<InferenceGraphManifest> {
    const known = this.kept.get(artifact.digest);
    const manifest = known ?? checkManifest(await this.artifacts.getJson<unknown>(artifact));
    this.kept.set(artifact.digest, manifest);
    const [oldest] = this.kept.keys();
    if (this.kept.size > mostKept) this.kept.delete(oldest!);
    return manifest;
  }
}
