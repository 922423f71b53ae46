import type { EndpointView } from '@millrace/contracts';
import { ReplicaFailed, RolledBack, RolloutFailed, Superseded } from './deploy.errors.js';

/**
 * Has a rollout come as far as it does by itself? Of one that is to answer, one replica that does is enough, unless another
 * says that it can't. One that waits for `promote` has got there when every replica has it loaded.
 * @param rollout undefined: the endpoint is older than rollouts are
 * @param view undefined when the endpoint is gone
 * @throws ReplicaFailed, RolloutFailed, RolledBack; Superseded when another took its place
 */
export const isSettled = (
  endpoint: string,
  rollout: number | undefined,
  view: EndpointView | undefined,
): boolean => {
  if (!view || view.rollout?.number !== rollout)
    throw new Superseded(endpoint, rollout, view?.rollout?.number);
  switch (view.rollout?.phase) {
    case 'preparing':
    case 'canary':
      return false;
    case 'prepared':
    case 'shadowing':
      return true;
    case 'failed':
      throw new RolloutFailed(endpoint, view.rollout);
    case 'rolled_back':
      throw new RolledBack(endpoint, view.rollout);
    case 'superseded':
      throw new Superseded(endpoint, rollout, undefined);
    default:
      return isServed(view);
  }
};

const isServed = ({ endpoint, revision, replicas, status }: EndpointView): boolean => {
  const failed = replicas.find((replica) => replica.revision === revision && replica.state === 'failed');
  if (failed) throw new ReplicaFailed(endpoint, failed);
  return status === 'ready';
};
