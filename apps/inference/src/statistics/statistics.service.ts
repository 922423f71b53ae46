import type { ModelStatisticsList, StatisticsQuery } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { ServedModelsService } from '../metadata/served-models.service.js';
import { Endpoints } from '../serving/endpoints.js';
import { nodeName } from '../graphs/node-name.js';
import type { ServedEndpoint, ServedTarget } from '../serving/served-endpoint.js';
import { describeStatistics } from './describe-statistics.js';

/** Statistics of what is served now. */
@Injectable()
export class StatisticsService {
  constructor(
    private readonly endpoints: Endpoints,
    private readonly models: ServedModelsService,
  ) {}

  /** @throws UnknownModel; DomainError `unavailable` for an endpoint that this replica does not serve yet */
  list({ endpoint, version }: StatisticsQuery): ModelStatisticsList {
    if (endpoint === undefined) return { model_stats: this.endpoints.all().flatMap((one) => ofAll(one)) };
    const served = this.models.served(endpoint);
    if (version === undefined) return { model_stats: ofAll(served) };
    return { model_stats: ofTarget(endpoint, served.find(String(version))) };
  }
}

const ofAll = ({ name, targets }: ServedEndpoint) => targets.flatMap((target) => ofTarget(name, target));

/** Of a graph, also each of its nodes. */
const ofTarget = (name: string, { target, statistics, nodes = new Map() }: ServedTarget) =>
  [[name, statistics] as const, ...[...nodes].map(([node, its]) => [nodeName(name, node), its] as const)].map(
    ([of, its]) => describeStatistics(of, String(target.version), its),
  );
