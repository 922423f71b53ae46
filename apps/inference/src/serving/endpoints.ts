import { MessagingClient, NatsStrategy } from '@millrace/messaging';
import { Injectable } from '@nestjs/common';
import type { DesiredEndpoint } from '../desired/desired-state.js';
import { CompressedBodies } from '../protocol/compressed-bodies.js';
import { StatisticsRegistry } from '../statistics/statistics-registry.js';
import { EndpointLoader } from './endpoint-loader.js';
import type { ServedEndpoint } from './served-endpoint.js';
import { ServedEndpoints } from './served-endpoints.js';

/** The endpoints that this replica answers, each on its subjects for as long as it has something to serve there. */
@Injectable()
export class Endpoints {
  constructor(
    private readonly strategy: NatsStrategy,
    private readonly client: MessagingClient,
    private readonly loader: EndpointLoader,
    private readonly statistics: StatisticsRegistry,
    private readonly bodies: CompressedBodies,
    private readonly serving: ServedEndpoints,
  ) {}

  get(endpoint: string): ServedEndpoint | undefined {
    return this.serving.get(endpoint);
  }

  /** By name. */
  all(): ServedEndpoint[] {
    return [...this.serving.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** All of its models are in memory: serving it takes no time. */
  isLoaded(desired: DesiredEndpoint): boolean {
    return this.loader.isLoaded(desired);
  }

  load(desired: DesiredEndpoint): Promise<ServedEndpoint> {
    return this.loader.load(desired);
  }

  /** Between two messages: one is answered by the old revision, the next by the new. */
  swap(name: string, next: ServedEndpoint): void {
    const old = this.serving.get(name);
    this.serving.set(name, next);
    if (old) void this.loader.unload(old);
    else this.open(name);
  }

  discard(loaded: ServedEndpoint): Promise<void> {
    return this.loader.unload(loaded);
  }

  async remove(name: string): Promise<void> {
    const endpoint = this.serving.get(name);
    if (!endpoint) return;
    await Promise.all([this.strategy.remove(`infer-${name}`), this.strategy.remove(`infer-${name}-rows`)]);
    this.serving.delete(name);
    this.statistics.forget(name);
    await this.loader.unload(endpoint);
  }

  /** Nothing is asked any more. */
  async close(): Promise<void> {
    await Promise.all([...this.serving.values()].map((endpoint) => this.loader.unload(endpoint)));
    this.serving.clear();
  }

  private open(name: string): void {
    const { subjects } = this.client;
    const current = (): ServedEndpoint => this.serving.get(name)!;
    const { bodies } = this;
    this.strategy.addRaw(
      `infer-${name}`,
      subjects.infer(name),
      bodies.around((body, context) => current().infer(body, context)),
    );
    this.strategy.addRaw(
      `infer-${name}-rows`,
      subjects.inferRows(name),
      bodies.around((body, context) => current().rows(body, context)),
    );
  }
}
