import { NotFound, type EndpointName, type EndpointView } from '@millrace/contracts';
import { Transactions } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import { Announcer } from '../endpoints/announcer.js';
import { EndpointsService } from '../endpoints/endpoints.service.js';
import { lockEndpoint } from '../endpoints/lock-endpoint.js';

/** Takes endpoints out of memory and brings them back; what they serve stays as it was deployed. */
@Injectable()
export class LoadingService {
  constructor(
    private readonly transactions: Transactions,
    private readonly endpoints: EndpointsService,
    private readonly announcer: Announcer,
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
      const endpoint = await lockEndpoint(em, name);
      if (!endpoint || endpoint.removedAt !== null) throw new NotFound('endpoint', name);
      const view = await this.endpoints.view(em, endpoint);
      if (isSo(view)) return view;
      Object.assign(endpoint, { revision: endpoint.revision + 1, updatedAt: Date.now(), unloadedAt });
      await em.save(endpoint);
      const changed = await this.endpoints.view(em, endpoint);
      await this.announcer.changed(em, changed);
      return changed;
    });
  }
}
