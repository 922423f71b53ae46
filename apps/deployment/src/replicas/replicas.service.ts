import type { Empty, ReplicaReport } from '@millrace/contracts';
import { Transactions } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import { LessThan, type EntityManager } from 'typeorm';
import { Announcer } from '../endpoints/announcer.js';
import { EndpointsService } from '../endpoints/endpoints.service.js';
import { lockEndpoint } from '../endpoints/lock-endpoint.js';
import { RolloutStore } from '../rollouts/rollout-store.js';
import { ReplicaNews } from './replica-news.js';
import { Replica } from './replica.entity.js';

/** Hears what inference replicas say. */
@Injectable()
export class ReplicasService {
  constructor(
    private readonly transactions: Transactions,
    private readonly endpoints: EndpointsService,
    private readonly announcer: Announcer,
    private readonly rollouts: RolloutStore,
    private readonly news: ReplicaNews,
  ) {}

  /** A report about an endpoint that is gone is accepted and forgotten: there is nothing that its sender should do. */
  async report(report: ReplicaReport): Promise<Empty> {
    await this.transactions.run(async (em) => {
      const endpoint = await lockEndpoint(em, report.endpoint);
      if (!endpoint || endpoint.removedAt !== null) return;
      const before = await this.endpoints.view(em, endpoint);
      await this.store(em, report);
      if (await this.rollouts.advance(em, endpoint)) return;
      const after = await this.endpoints.view(em, endpoint);
      if (after.status !== before.status) await this.announcer.changed(em, after);
    });
    this.news.tell(report.endpoint);
    return {};
  }

  private async store(em: EntityManager, report: ReplicaReport): Promise<void> {
    const { endpoint, replica, revision, state, code = null, error = null } = report;
    const heardAt = Date.now();
    await em.upsert(Replica, { endpoint, replica, revision, state, code, error, heardAt }, [
      'endpoint',
      'replica',
    ]);
    await em.delete(Replica, { endpoint, heardAt: LessThan(this.endpoints.goneBefore(heardAt)) });
  }
}
