import { NotFound, type EndpointName, type Endpoints, type EndpointView } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, MoreThan, type EntityManager, type Repository } from 'typeorm';
import { DeploymentEnv } from '../config/deployment.env.js';
import { Replica } from '../replicas/replica.entity.js';
import { Endpoint } from './endpoint.entity.js';
import { toView } from './to-view.js';

/** Reads endpoints, and what is heard of them. */
@Injectable()
export class EndpointsService {
  constructor(
    @InjectRepository(Endpoint) private readonly endpoints: Repository<Endpoint>,
    private readonly env: DeploymentEnv,
  ) {}

  async list(): Promise<Endpoints> {
    const found = await this.endpoints.find({ where: { removedAt: IsNull() }, order: { name: 'ASC' } });
    const replicas = await this.heard(this.endpoints.manager);
    return {
      items: found.map((one) =>
        toView(
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
    return toView(endpoint, await this.heard(em, endpoint.name));
  }

  private heard(em: EntityManager, endpoint?: string): Promise<Replica[]> {
    return em.find(Replica, {
      where: {
        heardAt: MoreThan(Date.now() - this.env.REPLICA_EXPIRY_MS),
        ...(endpoint === undefined ? {} : { endpoint }),
      },
      order: { replica: 'ASC' },
    });
  }
}
