import { Health, LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { DesiredEndpoint, DesiredState } from '../desired/desired-state.js';
import { ReplicaMemory, type Remembered } from '../desired/replica-memory.js';
import { Endpoints } from '../serving/endpoints.js';
import { ReplicaReports } from '../serving/replica-reports.js';
import type { ServedEndpoint } from '../serving/served-endpoint.js';
import { Reconciler } from './reconciler.js';

/** The reconciler of this replica, with what it knows kept on disk, and what it lacks said by readiness. */
@Injectable()
export class Reconciliation implements OnApplicationShutdown {
  readonly state: Reconciler<ServedEndpoint>;
  private readonly served = new Map<string, DesiredEndpoint>();
  private starting = true;
  private saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly endpoints: Endpoints,
    private readonly memory: ReplicaMemory,
    private readonly reports: ReplicaReports,
    health: Health,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.state = new Reconciler<ServedEndpoint>({
      isLoaded: (desired) => endpoints.isLoaded(desired),
      load: (desired) => endpoints.load(desired),
      discard: (loaded) => endpoints.discard(loaded),
      swap: (name, loaded) => this.swap(name, loaded),
      remove: (name) => this.remove(name),
      failed: (err) => logger.error({ err }, 'an endpoint could not be taken down cleanly'),
      report: (name, attempt) => reports.report(name, attempt),
    });
    health.add('endpoints', () => this.checkSettled());
  }

  /**
   * Serves what was served last, and then what was wanted last: where these differ, the wanted revision could not be
   * loaded before, and must not take the other one's place before it can.
   */
  async start(): Promise<void> {
    const remembered = await this.recall();
    if (remembered) {
      for (const endpoint of remembered.served.values()) this.served.set(endpoint.endpoint, endpoint);
      this.state.want(remembered.served);
      await this.state.idle();
      this.state.want(remembered.desired);
    }
    this.starting = false;
  }

  want(desired: DesiredState): void {
    this.state.want(desired);
    this.remember();
  }

  /** Deployment may have forgotten, and takes replicas that it does not hear of for gone. */
  repeatReports(): void {
    this.reports.repeat();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.state.stop();
    await this.endpoints.close();
    await this.saving;
  }

  private swap(name: string, loaded: ServedEndpoint): void {
    this.endpoints.swap(name, loaded);
    this.served.set(name, loaded.desired);
    this.remember();
  }

  private async remove(name: string): Promise<void> {
    this.served.delete(name);
    this.remember();
    await this.endpoints.remove(name);
  }

  private checkSettled(): void {
    const open = this.starting ? undefined : this.state.unsettled;
    if (!open) throw new Error('not known yet what to serve');
    if (open.length > 0) throw new Error(`being loaded: ${open.slice(0, 20).join(', ')}`);
  }

  private async recall(): Promise<Remembered | undefined> {
    try {
      return await this.memory.load();
    } catch (err) {
      this.logger.error({ err }, 'what was served last cannot be read; waiting for deployment');
      return undefined;
    }
  }

  /** One write after the other, each of the newest state. */
  private remember(): void {
    this.saving = this.saving.then(async () => {
      try {
        await this.memory.save({ desired: this.state.wanted ?? new Map(), served: this.served });
      } catch (err) {
        this.logger.error({ err }, 'what is served could not be kept: a restart will need deployment');
      }
    });
  }
}
