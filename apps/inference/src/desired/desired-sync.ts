import { endpointList, type CloudEvent } from '@millrace/contracts';
import { EventBus, MessagingClient } from '@millrace/messaging';
import { LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InferenceEnv } from '../config/inference.env.js';
import { Reconciliation } from '../reconcile/reconciliation.js';
import { fromList, isDesired, withChanged, withRemoved, type DesiredState } from './desired-state.js';

type Change = (state: DesiredState) => DesiredState;

const firstRetryMs = 250;

/**
 * Learns what deployment wants: the whole list at the start, after every reconnect and now and then; single changes by
 * event, which are fast but may be lost.
 */
@Injectable()
export class DesiredSync implements OnApplicationBootstrap, OnApplicationShutdown {
  private subscription: { unsubscribe(): void } | undefined;
  /** Changes that arrive while a list is on its way; applied to it, for it may be older than they are. */
  private held: Change[] | undefined = [];
  private stopped = false;
  private wake: () => void = () => {};

  constructor(
    private readonly client: MessagingClient,
    private readonly events: EventBus,
    private readonly reconciliation: Reconciliation,
    private readonly env: InferenceEnv,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.subscription = this.events.onEvent('deployment.endpoint.*', (event) => this.hear(event));
    void this.watchConnection();
    void this.run();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    this.subscription?.unsubscribe();
    this.wake();
  }

  private async run(): Promise<void> {
    await this.reconciliation.start();
    for (let delay = firstRetryMs; !this.stopped; delay = Math.min(delay * 2, this.env.RESYNC_MS)) {
      if (await this.list()) {
        delay = this.env.RESYNC_MS;
        this.reconciliation.repeatReports();
      }
      await this.pause(delay);
    }
  }

  private async list(): Promise<boolean> {
    this.held ??= [];
    let listed: DesiredState | undefined;
    try {
      const { items } = await this.client.request(endpointList, {});
      const bad = items.filter((item) => !isDesired(item));
      if (bad.length > 0) this.logger.error({ endpoints: bad.slice(0, 5) }, 'endpoints that make no sense');
      listed = fromList(items.filter(isDesired));
    } catch (err) {
      this.logger.debug({ err }, 'deployment did not answer; serving what is known');
    }
    const changes = this.held;
    this.held = undefined;
    const base = listed ?? this.reconciliation.state.wanted;
    // Without any list, changes alone would not be all there is.
    if (base && !this.stopped) this.want(changes.reduce((state, change) => change(state), base));
    return listed !== undefined;
  }

  private hear({ type, data }: CloudEvent): void {
    const change = changeOf(type, data);
    if (!change) return;
    const known = this.reconciliation.state.wanted;
    if (this.held) this.held.push(change);
    else if (known) this.want(change(known));
  }

  private want(next: DesiredState): void {
    if (next !== this.reconciliation.state.wanted) this.reconciliation.want(next);
  }

  private async watchConnection(): Promise<void> {
    for await (const { type } of this.client.nc.status()) if (type === 'reconnect') this.wake();
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

const changeOf = (type: string, data: unknown): Change | undefined => {
  if (type === 'deployment.endpoint.changed' && isDesired(data)) return (state) => withChanged(state, data);
  if (type === 'deployment.endpoint.removed') {
    const { endpoint, revision } = (data ?? {}) as { endpoint: string; revision: number };
    return (state) => withRemoved(state, { endpoint, revision });
  }
  return undefined;
};
