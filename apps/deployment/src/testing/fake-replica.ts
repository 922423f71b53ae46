import { endpointList, replicaReport, type EndpointView } from '@millrace/contracts';
import { encodeJson, MessagingClient } from '@millrace/messaging';

/**
 * An inference replica as deployment sees it: takes every revision that it hears of, or finds when it starts; says whether
 * it has loaded it, and answers pings.
 */
export class FakeReplica {
  readonly revisions: number[] = [];
  /** Versions that it cannot load. */
  readonly unloadable = new Set<number>();
  /** It hears and loads, but does not get to an end. */
  stuck = false;
  private readonly subscriptions: { unsubscribe(): void }[] = [];
  private at = new Map<string, number>();

  constructor(
    private readonly client: MessagingClient,
    readonly name: string,
  ) {}

  async start(): Promise<this> {
    this.subscriptions.push(
      this.client.subscribe(this.client.subjects.event('deployment.endpoint.changed'), (event) =>
        this.take((event as { data: EndpointView }).data),
      ),
      this.client.nc.subscribe('$SRV.PING.inference', {
        callback: (_error, message) => {
          const metadata = { 'millrace.prefix': 'millrace.v1', 'millrace.replica': this.name };
          message.respond(encodeJson({ metadata }));
        },
      }),
    );
    await this.client.nc.flush();
    const { items } = await this.client.request(endpointList, {});
    await Promise.all(items.map((view) => this.take(view)));
    return this;
  }

  /** kill -9: it says nothing any more. */
  die(): void {
    for (const subscription of this.subscriptions.splice(0)) subscription.unsubscribe();
  }

  async take({ endpoint, revision, targets }: EndpointView): Promise<void> {
    if (this.stuck || revision <= (this.at.get(endpoint) ?? 0) || this.subscriptions.length === 0) return;
    this.at.set(endpoint, revision);
    this.revisions.push(revision);
    const bad = targets.find(({ version }) => this.unloadable.has(version));
    await this.client.request(replicaReport, {
      ...{ endpoint, revision, replica: this.name },
      ...(bad
        ? { state: 'failed', code: 'integrity', error: `version ${bad.version} is broken` }
        : { state: 'ready' }),
    });
  }
}
