import type { ModelStatisticsList, StatisticsQuery } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { ServedModelsService } from '../metadata/served-models.service.js';
import { Endpoints } from '../serving/endpoints.js';
import type { ServedEndpoint } from '../serving/served-endpoint.js';
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
    const { statistics } = served.find(String(version));
    return { model_stats: [describeStatistics(endpoint, String(version), statistics)] };
  }
}

const ofAll = ({ name, targets }: ServedEndpoint) =>
  targets.map(({ target, statistics }) => describeStatistics(name, String(target.version), statistics));
