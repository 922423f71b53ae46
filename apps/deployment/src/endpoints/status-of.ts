import type { EndpointView } from '@millrace/contracts';

/** A replica that still serves an older revision has not said anything about this one. */
export const statusOf = (
  revision: number,
  replicas: readonly { revision: number; state: 'ready' | 'failed' }[],
): EndpointView['status'] => {
  const states = replicas.filter((replica) => replica.revision === revision).map(({ state }) => state);
  if (states.includes('failed')) return 'failed';
  return states.includes('ready') ? 'ready' : 'pending';
};
