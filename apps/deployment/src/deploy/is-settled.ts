import type { EndpointView } from '@millrace/contracts';
import { ReplicaFailed, Superseded } from './deploy.errors.js';

/**
 * Does a replica serve this revision? One that is ready is enough, unless another says that it can't.
 * @param view undefined when the endpoint is gone
 * @throws ReplicaFailed; Superseded when nobody will serve it any more
 */
export const isSettled = (endpoint: string, revision: number, view: EndpointView | undefined): boolean => {
  if (view?.revision !== revision) throw new Superseded(endpoint, revision, view?.revision);
  const failed = view.replicas.find((replica) => replica.revision === revision && replica.state === 'failed');
  if (failed) throw new ReplicaFailed(endpoint, failed);
  return view.status === 'ready';
};
