import type { EndpointView, RollbackRequest, RolloutRequest } from '@millrace/contracts';
import { Transactions } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Endpoint } from '../endpoints/endpoint.entity.js';
import { EndpointsService } from '../endpoints/endpoints.service.js';
import { lockServed } from '../endpoints/lock-endpoint.js';
import { promoted, rolledBack } from './decide-rollout.js';
import { isUnderWay, type Rollout } from './rollout.js';
import { AnotherRollout, NothingToGoBackTo, NothingToPromote } from './rollout.errors.js';
import { RolloutStore } from './rollout-store.js';

/** What people and pipelines do with rollouts. */
@Injectable()
export class RolloutsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly endpoints: EndpointsService,
    private readonly store: RolloutStore,
  ) {}

  promote(request: RolloutRequest): Promise<EndpointView> {
    return this.change(request, async (em, endpoint, rollout) => {
      if (rollout?.phase === 'promoted') return;
      if (!rollout || !isUnderWay(rollout) || rollout.phase === 'preparing')
        throw new NothingToPromote(endpoint.name, rollout);
      await this.store.enter(em, endpoint, promoted(rollout, this.store.limits.warmMs, Date.now()));
    });
  }

  /**
   * What is not loaded any more is rolled out again: prepared first, and then switched to. Who asks again, for an answer was
   * lost, does not undo it.
   */
  rollback({ reason = 'asked for', ...request }: RollbackRequest): Promise<EndpointView> {
    return this.change(request, async (em, endpoint, rollout) => {
      if (!rollout?.stable) throw new NothingToGoBackTo(endpoint.name);
      const { phase, warmUntil, stable } = rollout;
      if (rollout.isReturn || (!isUnderWay(rollout) && phase !== 'promoted')) return;
      const { warmMs } = this.store.limits;
      if (isUnderWay(rollout) || warmUntil !== undefined)
        await this.store.enter(em, endpoint, rolledBack(rollout, reason, warmMs, Date.now()));
      else
        await this.store.deploy(em, endpoint, {
          ...{ target: stable, strategy: 'rolling', isReturn: true },
          ...said(rollout),
        });
    });
  }

  private change(
    { endpoint: name, rollout: asked }: RolloutRequest,
    act: (em: EntityManager, endpoint: Endpoint, rollout: Rollout | undefined) => Promise<void>,
  ): Promise<EndpointView> {
    return this.transactions.run(async (em) => {
      const endpoint = await lockServed(em, name);
      const rollout = endpoint.rollout ?? undefined;
      if (asked !== undefined && asked !== rollout?.number)
        throw new AnotherRollout(name, asked, rollout?.number);
      await act(em, endpoint, rollout);
      return this.endpoints.view(em, endpoint);
    });
  }
}

/** The options that the version before had, where it had any. */
const said = ({ before }: Rollout) => ({
  ...(before?.routing ? { routing: before.routing } : {}),
  ...(before?.execution ? { execution: before.execution } : {}),
});
