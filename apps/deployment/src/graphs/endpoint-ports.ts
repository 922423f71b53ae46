import { ARTIFACT_STORE, type ArtifactStore } from '@millrace/artifacts';
import {
  DomainError,
  graphLimits,
  mediaTypes,
  type GraphPorts,
  type InferenceGraph,
  type InferenceGraphManifest,
} from '@millrace/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { EndpointsService } from '../endpoints/endpoints.service.js';
import { portsOfModel } from './ports-of-model.js';

/** What an endpoint takes and gives, by what answers most of its requests now. */
@Injectable()
export class EndpointPorts {
  constructor(
    @Inject(ARTIFACT_STORE) private readonly artifacts: ArtifactStore,
    private readonly endpoints: EndpointsService,
  ) {}

  /**
   * @param asker the endpoint whose graph asks it
   * @throws DomainError `not_found`; `data_invalid` when it would ask the asker in turn
   */
  async of(endpoint: string, asker: string, hops = 1): Promise<GraphPorts> {
    if (endpoint === asker) throw new DomainError('data_invalid', `'${asker}' would ask itself`);
    if (hops >= graphLimits.hops)
      throw new DomainError('data_invalid', `more than ${graphLimits.hops} graphs would ask each other`);
    const { targets } = await this.endpoints.get({ endpoint });
    const [first, ...rest] = targets;
    if (!first) throw new DomainError('data_invalid', `'${endpoint}' serves nothing`);
    const { artifact } = rest.reduce((most, one) => (one.weight > most.weight ? one : most), first);
    if (artifact.mediaType !== mediaTypes.inferenceGraph) return portsOfModel(this.artifacts, artifact);
    const { definition, ports } = await this.artifacts.getJson<InferenceGraphManifest>(artifact);
    for (const node of Object.values((JSON.parse(definition) as InferenceGraph).nodes))
      if ('endpoint' in node) await this.of(node.endpoint, asker, hops + 1);
    return ports;
  }
}
