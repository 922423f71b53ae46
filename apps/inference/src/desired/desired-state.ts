import type { EndpointView } from '@millrace/contracts';

/** What `deployment` wants served under one name. */
export type DesiredEndpoint = Pick<EndpointView, 'endpoint' | 'revision' | 'targets'>;
export type DesiredState = ReadonlyMap<string, DesiredEndpoint>;

export const pickDesired = ({ endpoint, revision, targets }: DesiredEndpoint): DesiredEndpoint => ({
  endpoint,
  revision,
  targets,
});

/** The whole list is the truth, also where it is older than what events said: deployment may have been restored. */
export const fromList = (views: readonly DesiredEndpoint[]): DesiredState =>
  new Map(views.map((view) => [view.endpoint, pickDesired(view)]));

/** Events may come late or twice: only a newer revision counts. */
export const withChanged = (state: DesiredState, view: DesiredEndpoint): DesiredState => {
  const known = state.get(view.endpoint);
  if (known && known.revision >= view.revision) return state;
  return new Map(state).set(view.endpoint, pickDesired(view));
};

export const withRemoved = (
  state: DesiredState,
  removed: { endpoint: string; revision: number },
): DesiredState => {
  const known = state.get(removed.endpoint);
  if (!known || known.revision > removed.revision) return state;
  const next = new Map(state);
  next.delete(removed.endpoint);
  return next;
};
