import type { PredictionWindow } from '@millrace/contracts';
import { LOGGER, type Logger } from '@millrace/observability';
import { Inbox, Transactions } from '@millrace/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { EndpointsService } from '../endpoints/endpoints.service.js';
import { lockEndpoint } from '../endpoints/lock-endpoint.js';
import { nothingMeasured, withWindow, type Measured } from './measured.js';
import { isMeasured, type Rollout } from './rollout.js';
import { RolloutStore } from './rollout-store.js';

const consumer = 'rollouts';

/** What inference replicas measured of the two sides of a rollout, each window once. */
@Injectable()
export class RolloutMeasurements {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly store: RolloutStore,
    private readonly endpoints: EndpointsService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async take(eventId: string, window: PredictionWindow): Promise<void> {
    const { endpoint: name, revision } = window;
    // Most windows are of endpoints that roll nothing out: no lock and no write for them.
    if (typeof name !== 'string' || !(await this.endpoints.isMeasured(name, revision))) return;
    await this.transactions.run(async (em) => {
      const endpoint = await lockEndpoint(em, name);
      const rollout = endpoint?.rollout;
      if (!endpoint || !rollout || endpoint.revision !== revision || !isMeasured(rollout)) return;
      if (!(await this.inbox.once(em, consumer, eventId))) return;
      const measured = this.add(rollout, window);
      if (!measured) return;
      endpoint.rollout = { ...rollout, measured };
      await em.save(endpoint);
      await this.store.advance(em, endpoint);
    });
  }

  private add(rollout: Rollout, window: PredictionWindow): Measured | undefined {
    const { model, version } = window;
    const is = (target: Rollout['stable']) => target?.model === model && target.version === version;
    const side = is(rollout.candidate) ? 'candidate' : is(rollout.stable) ? 'stable' : undefined;
    if (!side || !wellFormed(window)) return undefined;
    try {
      return withWindow(rollout.measured ?? nothingMeasured(), side, window);
    } catch (err) {
      this.logger.error({ err, endpoint: window.endpoint }, 'a window that cannot be read was passed over');
      return undefined;
    }
  }
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

/** Events come from outside of this service. */
const wellFormed = ({ requests, errors, faults = 0, latency, comparison }: PredictionWindow): boolean =>
  [requests, errors, faults].every(isCount) &&
  typeof latency === 'object' &&
  (comparison === undefined ||
    [comparison.rows, comparison.agreed, comparison.failed, comparison.skipped].every(isCount));
