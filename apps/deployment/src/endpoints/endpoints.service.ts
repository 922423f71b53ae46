import { NotFound, type EndpointName, type Endpoints, type EndpointView } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, MoreThan, type EntityManager, type Repository } from 'typeorm';
import { DeploymentEnv } from '../config/deployment.env.js';
import { Replica } from '../replicas/replica.entity.js';
import { decideRollout, type RolloutLimits } from '../rollouts/decide-rollout.js';
import { isMeasured } from '../rollouts/rollout.js';
import { Endpoint } from './endpoint.entity.js';
import { toView } from './to-view.js';

/** Reads endpoints, and what is heard of them. */
@Injectable()
export class EndpointsService {
  readonly limits: RolloutLimits;

  constructor(
    @InjectRepository(Endpoint) private readonly endpoints: Repository<Endpoint>,
    private readonly env: DeploymentEnv,
  ) {
    this.limits = { prepareTimeoutMs: env.PREPARE_TIMEOUT_MS, warmMs: env.KEEP_WARM_MS };
  }

  async list(): Promise<Endpoints> {
    const found = await this.endpoints.find({ where: { removedAt: IsNull() }, order: { name: 'ASC' } });
    const replicas = await this.heard(this.endpoints.manager);
    return {
      items: found.map((one) =>
        this.toView(
          one,
          replicas.filter(({ endpoint }) => endpoint === one.name),
        ),
      ),
    };
  }

  async get({ endpoint }: EndpointName): Promise<EndpointView> {
    const found = await this.endpoints.findOneBy({ name: endpoint, removedAt: IsNull() });
    if (!found) throw new NotFound('endpoint', endpoint);
    return this.view(this.endpoints.manager, found);
  }

  async view(em: EntityManager, endpoint: Endpoint): Promise<EndpointView> {
    return this.toView(endpoint, await this.heard(em, endpoint.name));
  }

  /** Without a lock: whether it is worth one. */
  async isMeasured(name: string, revision: number | undefined): Promise<boolean> {
    if (revision === undefined) return false;
    const found = await this.endpoints.findOneBy({ name, revision });
    return found?.rollout ? isMeasured(found.rollout) : false;
  }

  /** A replica that was heard last before this moment is taken for gone. */
  goneBefore(now: number): number {
    return now - this.env.REPLICA_EXPIRY_MS;
  }

  private toView(endpoint: Endpoint, replicas: readonly Replica[]): EndpointView {
    return toView(endpoint, replicas, this.waitsFor(endpoint, replicas));
  }

  private waitsFor({ rollout, revision }: Endpoint, replicas: readonly Replica[]): string | undefined {
    if (!rollout) return undefined;
    const decision = decideRollout(rollout, revision, replicas, this.limits, Date.now());
    return decision.kind === 'wait' ? decision.reason : undefined;
  }

  /** @returns the last that each replica said which is not taken for gone */
  heard(em: EntityManager, endpoint?: string): Promise<Replica[]> {
    return em.find(Replica, {
      where: {
        heardAt: MoreThan(this.goneBefore(Date.now())),
        ...(endpoint === undefined ? {} : { endpoint }),
      },
      order: { replica: 'ASC' },
    });
  }
}
