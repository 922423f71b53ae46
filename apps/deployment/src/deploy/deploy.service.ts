import {
  versionGet,
  type DeployRequest,
  type EndpointName,
  type EndpointView,
  type ModelSignature,
  type Target,
} from '@millrace/contracts';
import { MessagingClient, type RequestOptions } from '@millrace/messaging';
import { Transactions } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Announcer } from '../endpoints/announcer.js';
import type { Endpoint } from '../endpoints/endpoint.entity.js';
import { EndpointsService } from '../endpoints/endpoints.service.js';
import { lockEndpoint, lockServed } from '../endpoints/lock-endpoint.js';
import { GraphPreparer } from '../graphs/graph-preparer.js';
import { graphTarget } from '../graphs/graph-target.js';
import { Replica } from '../replicas/replica.entity.js';
import { checkDeploy, checkKeyInput } from '../rollouts/check-deploy.js';
import { RolloutStore } from '../rollouts/rollout-store.js';
import { KeyUsed } from './deploy.errors.js';
import { Deployment } from './deployment.entity.js';

/** Changes what endpoints serve; each change is a rollout. */
@Injectable()
export class DeployService {
  constructor(
    private readonly transactions: Transactions,
    private readonly client: MessagingClient,
    private readonly endpoints: EndpointsService,
    private readonly announcer: Announcer,
    private readonly rollouts: RolloutStore,
    private readonly graphs: GraphPreparer,
  ) {}

  /** @param within until when it is waited for (`RequestContext`) */
  async deploy(request: DeployRequest, within: Pick<RequestOptions, 'expiresAt'>): Promise<EndpointView> {
    await this.apply(request, within);
    return this.endpoints.get(request);
  }

  /**
   * @returns the number of the rollout that brings this version: a new one, unless the endpoint serves it already or the
   * key was used before; undefined when it is older than rollouts are
   */
  async apply(
    request: DeployRequest,
    { expiresAt }: Pick<RequestOptions, 'expiresAt'> = {},
  ): Promise<number | undefined> {
    checkDeploy(request);
    const { strategy = 'rolling', canary, routing, execution } = request;
    const { signature, targetFor } = await this.prepare(request, { expiresAt });
    checkKeyInput(request, signature);
    return this.transactions.run(async (em) => {
      const endpoint = await this.lockOrAdd(em, request.endpoint);
      const target = targetFor(endpoint);
      const earlier = await this.findEarlier(em, request, target);
      if (earlier) return earlier.rollout ?? undefined;
      await this.rollouts.deploy(em, endpoint, { target, strategy, canary, routing, execution });
      await this.remember(em, request, target, endpoint);
      return endpoint.rollout?.number;
    });
  }

  async remove({ endpoint: name }: EndpointName): Promise<EndpointView> {
    return this.transactions.run(async (em) => {
      const endpoint = await lockServed(em, name);
      await this.rollouts.abandon(em, endpoint);
      const now = Date.now();
      Object.assign(endpoint, {
        revision: endpoint.revision + 1,
        targets: [],
        updatedAt: now,
        removedAt: now,
        unloadedAt: null,
      });
      await em.save(endpoint);
      await em.delete(Replica, { endpoint: name });
      await this.announcer.removed(em, { endpoint: name, revision: endpoint.revision });
      return this.endpoints.view(em, endpoint);
    });
  }

  /** Everything that takes time; what is left depends on what the endpoint has. */
  private async prepare(
    { endpoint: name, model, version, graph }: DeployRequest,
    within: Pick<RequestOptions, 'expiresAt'>,
  ): Promise<{ signature: ModelSignature; targetFor: (endpoint: Endpoint) => Target }> {
    if (graph !== undefined) {
      const prepared = await this.graphs.prepare(graph, name, within);
      return {
        signature: prepared.signature,
        targetFor: (endpoint) => graphTarget(endpoint, prepared),
      };
    }
    const found = await this.client.request(versionGet, { name: model!, version: version! }, within);
    const target: Target = { model: model!, version: version!, artifact: found.model, weight: 100 };
    return { signature: found.signature, targetFor: () => target };
  }

  private async lockOrAdd(em: EntityManager, name: string): Promise<Endpoint> {
    const now = Date.now();
    await em.sql`
      INSERT INTO endpoint (name, revision, targets, updated_at, removed_at) VALUES (${name}, 0, '[]', ${now}, ${now})
      ON CONFLICT (name) DO NOTHING`;
    return (await lockEndpoint(em, name))!;
  }

  private async findEarlier(
    em: EntityManager,
    { endpoint, graph, idempotencyKey }: DeployRequest,
    { model, version }: Target,
  ): Promise<Deployment | undefined> {
    if (idempotencyKey === undefined) return undefined;
    const earlier = await em.findOneBy(Deployment, { idempotencyKey });
    if (!earlier) return undefined;
    // The version of a graph is what deploying it made of it.
    const isOther = earlier.model !== model || (graph === undefined && earlier.version !== version);
    if (earlier.endpoint !== endpoint || isOther)
      throw new KeyUsed(idempotencyKey, earlier.endpoint, earlier.revision);
    return earlier;
  }

  private async remember(
    em: EntityManager,
    { endpoint, idempotencyKey }: DeployRequest,
    { model, version }: Target,
    { revision, rollout }: Endpoint,
  ): Promise<void> {
    if (idempotencyKey === undefined) return;
    await em.insert(Deployment, {
      ...{ idempotencyKey, endpoint, model, version, revision },
      rollout: rollout?.number ?? null,
      createdAt: Date.now(),
    });
  }
}
