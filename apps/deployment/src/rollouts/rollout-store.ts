import type { ExecutionOptions, RoutingOptions } from '@millrace/contracts';
import { Transactions } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import { LessThanOrEqual, type EntityManager } from 'typeorm';
import { Announcer } from '../endpoints/announcer.js';
import type { Endpoint } from '../endpoints/endpoint.entity.js';
import { EndpointsService } from '../endpoints/endpoints.service.js';
import { Presence } from '../replicas/presence.js';
import { decideRollout, type RolloutLimits } from './decide-rollout.js';
import { planDeploy, type WantedDeploy } from './plan-deploy.js';
import { isTakenBack, isUnderWay, type EndpointOptions, type Rollout } from './rollout.js';
import { RolloutRecord } from './rollout-record.entity.js';
import { targetsOf } from './targets-of.js';

/** While replicas load, they are looked after so often. */
const lookEveryMs = 1_000;
/** Of an endpoint; older ones are forgotten. */
const keptRollouts = 200;

interface SaidOptions {
  routing?: RoutingOptions | undefined;
  execution?: ExecutionOptions | undefined;
}
export type Deploy = Omit<WantedDeploy, 'newOptions'> & SaidOptions;

/**
 * Rollouts as they are kept: each phase is a revision of the endpoint, committed together with the event that tells of it,
 * so that a crash leaves the phase before or the phase after. All of it runs in the transaction that has locked the endpoint.
 */
@Injectable()
export class RolloutStore {
  readonly limits: RolloutLimits;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly transactions: Transactions,
    private readonly endpoints: EndpointsService,
    private readonly announcer: Announcer,
    private readonly presence: Presence,
  ) {
    this.limits = endpoints.limits;
  }

  /** Called after a commit that may have changed what is due. */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  async deploy(em: EntityManager, endpoint: Endpoint, deploy: Deploy): Promise<void> {
    const { routing, execution, ...wanted } = deploy;
    const current = optionsOf(endpoint);
    const said = withSaid(current, { routing, execution });
    const newOptions = differ(said, current);
    const serves = endpoint.removedAt === null;
    const { status, replicas } = await this.endpoints.view(em, endpoint);
    const rollout = serves ? (endpoint.rollout ?? undefined) : undefined;
    const unloaded = endpoint.unloadedAt !== null;
    endpoint.unloadedAt = null;
    const plan = planDeploy(
      {
        rollout,
        lastNumber: endpoint.rollout?.number ?? 0,
        inherited: serves ? endpoint.targets[0] : undefined,
        unloaded,
        failed: status === 'failed',
        replicas: replicas.length > 0,
      },
      { ...wanted, newOptions },
      this.limits.warmMs,
      Date.now(),
    );
    if (plan.kind === 'keep') return;
    if (plan.kind === 'again') {
      Object.assign(endpoint, said);
      return this.renew(em, endpoint);
    }
    // Options of a rollout that does not come to its end go with it.
    const before = (rollout && isUnderWay(rollout) && rollout.before) || current;
    const options = withSaid(before, { routing, execution });
    Object.assign(endpoint, options);
    if (plan.kind === 'begin' && rollout && isUnderWay(rollout))
      await this.record(em, endpoint.name, { ...rollout, phase: 'superseded' });
    const { before: _, ...to } = plan.to;
    const keepsOptions = plan.kind === 'back' || !differ(options, before);
    await this.enter(em, endpoint, keepsOptions ? to : { ...to, before });
  }

  /** Does what the rules say, until they say to wait. @returns whether anything was done */
  async advance(em: EntityManager, endpoint: Endpoint): Promise<boolean> {
    const { rollout, revision } = endpoint;
    if (!rollout || endpoint.removedAt !== null || endpoint.unloadedAt !== null) return false;
    const heard = await this.endpoints.heard(em, endpoint.name);
    const present = heard.filter((replica) => !this.presence.isGone(replica));
    const decision = decideRollout(rollout, revision, present, this.limits, Date.now());
    if (decision.kind === 'go') {
      await this.enter(em, endpoint, decision.to);
      return true;
    }
    const dueAt = dueOf(rollout, decision.until);
    if (dueAt !== endpoint.dueAt) {
      endpoint.dueAt = dueAt;
      await em.save(endpoint);
    }
    return false;
  }

  /** The endpoint at its next revision, as this rollout wants it. */
  async enter(em: EntityManager, endpoint: Endpoint, rollout: Rollout): Promise<void> {
    const { number, phase } = endpoint.rollout ?? {};
    if (rollout.before && isTakenBack(rollout)) Object.assign(endpoint, rollout.before);
    endpoint.rollout = rollout;
    endpoint.targets = targetsOf(rollout);
    const wait = decideRollout(rollout, endpoint.revision + 1, [], this.limits, Date.now());
    endpoint.dueAt = wait.kind === 'go' ? Date.now() : dueOf(rollout, wait.until);
    if (number !== rollout.number || phase !== rollout.phase) await this.record(em, endpoint.name, rollout);
    await this.renew(em, endpoint);
  }

  /** Ends what is under way: the endpoint goes. */
  async abandon(em: EntityManager, endpoint: Endpoint): Promise<void> {
    endpoint.dueAt = null;
    if (!endpoint.rollout || !isUnderWay(endpoint.rollout)) return;
    endpoint.rollout = { ...endpoint.rollout, phase: 'superseded', reason: 'the endpoint was removed' };
    await this.record(em, endpoint.name, endpoint.rollout);
  }

  /** As a new revision: replicas take note of what has changed, and try again what failed. */
  async renew(em: EntityManager, endpoint: Endpoint): Promise<void> {
    endpoint.revision += 1;
    endpoint.updatedAt = Date.now();
    endpoint.removedAt = null;
    await em.save(endpoint);
    await this.announcer.changed(em, await this.endpoints.view(em, endpoint));
    this.transactions.onCommit(em, this.tell);
  }

  private readonly tell = (): void => this.listeners.forEach((listener) => listener());

  private async record(em: EntityManager, endpoint: string, rollout: Rollout): Promise<void> {
    const { number, phase } = rollout;
    await em.upsert(RolloutRecord, { endpoint, number, phase, state: rollout, updatedAt: Date.now() }, [
      'endpoint',
      'number',
    ]);
    await em.delete(RolloutRecord, { endpoint, number: LessThanOrEqual(number - keptRollouts) });
  }
}

const optionsOf = ({ routing, execution }: EndpointOptions): EndpointOptions => ({ routing, execution });

/** What is not said stays. */
const withSaid = (known: EndpointOptions, { routing, execution }: SaidOptions): EndpointOptions => ({
  routing: routing ?? known.routing,
  execution: execution ?? known.execution,
});

const differ = (a: EndpointOptions, b: EndpointOptions): boolean => JSON.stringify(a) !== JSON.stringify(b);

const dueOf = ({ phase }: Rollout, until: number | undefined): number | null => {
  if (phase === 'preparing') return Math.min(Date.now() + lookEveryMs, until ?? Infinity);
  return until ?? null;
};
