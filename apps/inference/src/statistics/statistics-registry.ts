import { Injectable } from '@nestjs/common';
import { ModelStatistics } from './model-statistics.js';

/** Versions of one endpoint that are remembered, the ones served longest ago forgotten first. */
const mostVersions = 16;

/**
 * Statistics of every version of every endpoint since this replica started: a version that comes back goes on counting,
 * so that counters only ever grow.
 */
@Injectable()
export class StatisticsRegistry {
  private readonly byEndpoint = new Map<string, Map<string, ModelStatistics>>();

  of(endpoint: string, version: string): ModelStatistics {
    const versions = this.byEndpoint.get(endpoint) ?? new Map<string, ModelStatistics>();
    this.byEndpoint.set(endpoint, versions);
    const statistics = versions.get(version) ?? new ModelStatistics();
    // The order of a map is the order of insertion.
    versions.delete(version);
    versions.set(version, statistics);
    for (const oldest of versions.keys()) if (versions.size > mostVersions) versions.delete(oldest);
    return statistics;
  }

  /** The endpoint is gone, and with it the nodes of its graph. */
  forget(endpoint: string): void {
    this.byEndpoint.delete(endpoint);
    for (const name of this.byEndpoint.keys())
      if (name.startsWith(`${endpoint}/`)) this.byEndpoint.delete(name);
  }

  *entries(): Generator<[endpoint: string, version: string, statistics: ModelStatistics]> {
    for (const [endpoint, versions] of this.byEndpoint)
      for (const [version, statistics] of versions) yield [endpoint, version, statistics];
  }
}
