import type { EndpointView, ReplicaState } from '@millrace/contracts';
import type { Replica } from '../replicas/replica.entity.js';
import { toRolloutView } from '../rollouts/to-rollout-view.js';
import type { Endpoint } from './endpoint.entity.js';
import { statusOf } from './status-of.js';

/**
 * @param replicas those of this endpoint that are not taken for gone
 * @param waitsFor what its rollout waits for
 */
export const toView = (
  endpoint: Endpoint,
  replicas: readonly Replica[],
  waitsFor?: string,
): EndpointView => ({
  endpoint: endpoint.name,
  revision: endpoint.revision,
  targets: endpoint.targets,
  replicas: replicas.map(toState),
  status: statusOf(endpoint.revision, replicas),
  updatedAt: new Date(endpoint.updatedAt).toISOString(),
  ...(endpoint.unloadedAt === null ? {} : { unloaded: true }),
  ...(endpoint.execution ? { execution: endpoint.execution } : {}),
  ...(endpoint.routing ? { routing: endpoint.routing } : {}),
  ...(endpoint.rollout ? { rollout: toRolloutView(endpoint.rollout, waitsFor) } : {}),
});

const toState = ({ replica, revision, state, code, error, heardAt }: Replica): ReplicaState => ({
  replica,
  revision,
  state,
  ...(code === null ? {} : { code }),
  ...(error === null ? {} : { error }),
  at: new Date(heardAt).toISOString(),
});
