import { ARTIFACT_STORE, type ArtifactStore } from '@millrace/artifacts';
import {
  mediaTypes,
  toDomainError,
  versionGet,
  type GraphPorts,
  type GraphVersion,
  type InferenceGraphManifest,
} from '@millrace/contracts';
import { MessagingClient, type RequestOptions } from '@millrace/messaging';
import type { Problem } from '@millrace/pipeline/definition';
import { compileGraph, InvalidGraph, readGraph } from '@millrace/pipeline/inference-graph';
import { Inject, Injectable } from '@nestjs/common';
import { EndpointPorts } from './endpoint-ports.js';
import type { PreparedGraph } from './graph-target.js';
import { portsOfModel } from './ports-of-model.js';

type Within = Pick<RequestOptions, 'expiresAt'>;

/** From a declared graph to an artifact that replicas can load: models pinned, everything checked against their signatures. */
@Injectable()
export class GraphPreparer {
  constructor(
    @Inject(ARTIFACT_STORE) private readonly artifacts: ArtifactStore,
    private readonly client: MessagingClient,
    private readonly endpoints: EndpointPorts,
  ) {}

  /**
   * @param endpoint that is to serve it
   * @throws InvalidGraph with every mistake that can be found at once
   */
  async prepare(source: unknown, endpoint: string, within: Within): Promise<PreparedGraph> {
    const { definition, lineOf } = readGraph(source);
    const models: InferenceGraphManifest['models'] = {};
    const endpoints: InferenceGraphManifest['endpoints'] = {};
    const ports = new Map<string, GraphPorts>();
    const problems: Problem[] = [];
    for (const [node, declared] of Object.entries(definition.nodes)) {
      const kind = 'model' in declared ? 'model' : 'endpoint' in declared ? 'endpoint' : undefined;
      if (!kind) continue;
      try {
        if ('model' in declared) {
          models[node] = await this.resolve(declared.model, within);
          ports.set(node, await portsOfModel(this.artifacts, models[node].artifact));
        } else if ('endpoint' in declared) {
          endpoints[node] = await this.endpoints.of(declared.endpoint, endpoint);
          ports.set(node, endpoints[node]);
        }
      } catch (error) {
        const { code, message } = toDomainError(error);
        if (code !== 'not_found' && code !== 'data_invalid') throw error;
        problems.push({ path: ['nodes', node, kind], message: `node '${node}': ${message}` });
      }
    }
    if (problems.length > 0) throw new InvalidGraph(problems, lineOf);
    const root = compileGraph(definition, ports, lineOf);
    const manifest: InferenceGraphManifest = {
      kind: 'inference-graph',
      definition: JSON.stringify(definition),
      models,
      endpoints,
      ports: root.ports,
    };
    const artifact = await this.artifacts.putJson(manifest, {
      type: 'file',
      mediaType: mediaTypes.inferenceGraph,
    });
    return { name: definition.name, artifact, signature: root.ports.signature };
  }

  private async resolve(text: string, { expiresAt }: Within): Promise<GraphVersion> {
    const [name, which] = text.split('@') as [string, string | undefined];
    const isNumber = which !== undefined && /^[1-9]\d{0,8}$/.test(which);
    const selector = which === undefined ? {} : isNumber ? { version: Number(which) } : { alias: which };
    const found = await this.client.request(versionGet, { name, ...selector }, { expiresAt });
    return { model: name, version: found.version, artifact: found.model };
  }
}
