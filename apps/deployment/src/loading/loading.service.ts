import type { EndpointName, EndpointView } from '@millrace/contracts';
import { Transactions } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import { EndpointsService } from '../endpoints/endpoints.service.js';
import { lockServed } from '../endpoints/lock-endpoint.js';
import { RolloutStore } from '../rollouts/rollout-store.js';

/** Takes endpoints out of memory and brings them back; what they serve stays as it was deployed. */
@Injectable()
export class LoadingService {
  constructor(
    private readonly transactions: Transactions,
    private readonly endpoints: EndpointsService,
    private readonly rollouts: RolloutStore,
  ) {}

  /** One that is loaded stays as it is, unless a replica failed to: only a new revision makes it try again. */
  load(name: EndpointName): Promise<EndpointView> {
    return this.set(name, null, ({ unloaded, status }) => unloaded !== true && status !== 'failed');
  }

  unload(name: EndpointName): Promise<EndpointView> {
    return this.set(name, Date.now(), ({ unloaded }) => unloaded === true);
  }

  private set(
    { endpoint: name }: EndpointName,
    unloadedAt: number | null,
    isSo: (view: EndpointView) => boolean,
  ): Promise<EndpointView> {
    return this.transactions.run(async (em) => {
      const endpoint = await lockServed(em, name);
      const view = await this.endpoints.view(em, endpoint);
      if (isSo(view)) return view;
      endpoint.unloadedAt = unloadedAt;
      await this.rollouts.renew(em, endpoint);
      return this.endpoints.view(em, endpoint);
    });
  }
}
