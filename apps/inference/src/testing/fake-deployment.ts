import {
  endpointList,
  replicaReport,
  type ArtifactRef,
  type EndpointView,
  type ExecutionOptions,
  type ReplicaReport,
  type RoutingOptions,
  type Target,
} from '@millrace/contracts';
import { decodeJson, encodeJson, makeEvent, MessagingClient, NatsStrategy } from '@millrace/messaging';

/** Wants what it is told, hears reports, says changes by event; comes and goes. */
export class FakeDeployment {
  readonly reports: ReplicaReport[] = [];
  /** Changes are said by event as well. */
  talkative = true;
  private readonly endpoints = new Map<string, EndpointView>();
  private readonly revisions = new Map<string, number>();
  private strategy: NatsStrategy | undefined;

  constructor(private readonly client: MessagingClient) {}

  async start(): Promise<void> {
    const { client } = this;
    const strategy = new NatsStrategy({ client, service: { name: 'deployment', version: '0.0.0' } });
    const subjectOf = ({ service, name }: { service: string; name: string }) =>
      client.subjects.operation(service, name);
    strategy.addRaw('list', subjectOf(endpointList), () => ({
      data: encodeJson({ items: [...this.endpoints.values()] }),
    }));
    strategy.addRaw('report', subjectOf(replicaReport), (data) => {
      this.reports.push(decodeJson(data) as ReplicaReport);
      return { data: encodeJson({}) };
    });
    await new Promise<unknown>((resolve) => strategy.listen(resolve));
    this.strategy = strategy;
  }

  async stop(): Promise<void> {
    await this.strategy?.close();
    this.strategy = undefined;
  }

  /** @returns the new revision */
  want(endpoint: string, version: number, artifact: ArtifactRef, execution?: ExecutionOptions): number {
    const targets = [{ model: 'm', version, artifact, weight: 100 }];
    return this.wantTargets(endpoint, targets, undefined, execution);
  }

  /** @returns the new revision */
  wantTargets(
    endpoint: string,
    targets: Target[],
    routing?: RoutingOptions,
    execution?: ExecutionOptions,
  ): number {
    const revision = this.nextRevision(endpoint);
    const view: EndpointView = {
      endpoint,
      revision,
      targets,
      replicas: [],
      status: 'pending',
      updatedAt: new Date().toISOString(),
      ...(routing ? { routing } : {}),
      ...(execution ? { execution } : {}),
    };
    this.endpoints.set(endpoint, view);
    this.say('deployment.endpoint.changed', view);
    return revision;
  }

  /** Out of memory, or back. @returns the new revision */
  setUnloaded(endpoint: string, unloaded: boolean): number {
    const revision = this.nextRevision(endpoint);
    const { unloaded: _, ...known } = this.endpoints.get(endpoint)!;
    const view: EndpointView = { ...known, revision, ...(unloaded ? { unloaded } : {}) };
    this.endpoints.set(endpoint, view);
    this.say('deployment.endpoint.changed', view);
    return revision;
  }

  names(): string[] {
    return [...this.endpoints.keys()];
  }

  remove(endpoint: string): void {
    this.endpoints.delete(endpoint);
    this.say('deployment.endpoint.removed', { endpoint, revision: this.nextRevision(endpoint) });
  }

  reportOf(endpoint: string, revision: number): ReplicaReport | undefined {
    return this.reports.findLast((report) => report.endpoint === endpoint && report.revision === revision);
  }

  /** Never the same again, also when an endpoint comes back. */
  private nextRevision(endpoint: string): number {
    const next = (this.revisions.get(endpoint) ?? 0) + 1;
    this.revisions.set(endpoint, next);
    return next;
  }

  private say(type: 'deployment.endpoint.changed' | 'deployment.endpoint.removed', data: object): void {
    if (this.talkative)
      this.client.publish(this.client.subjects.event(type), makeEvent(type, 'deployment', data as never));
  }
}
