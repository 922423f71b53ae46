import {
  endpointNamePattern,
  isArtifactRef,
  targetRoles,
  type EndpointView,
  type Target,
} from '@millrace/contracts';

/** What `deployment` wants served under one name. */
export type DesiredEndpoint = Pick<
  EndpointView,
  'endpoint' | 'revision' | 'targets' | 'execution' | 'routing' | 'unloaded'
>;
export type DesiredState = ReadonlyMap<string, DesiredEndpoint>;

const isTarget = (value: unknown): value is Target => {
  const { model, version, artifact, weight, role } = (value ?? {}) as Partial<Target>;
  return (
    typeof model === 'string' &&
    Number.isSafeInteger(version) &&
    isArtifactRef(artifact) &&
    typeof weight === 'number' &&
    weight >= 0 &&
    (role === undefined || targetRoles.includes(role))
  );
};

/** Read from messages and files: names become subjects, so they are checked. */
export const isDesired = (value: unknown): value is DesiredEndpoint => {
  const { endpoint, revision, targets } = (value ?? {}) as Partial<DesiredEndpoint>;
  return (
    typeof endpoint === 'string' &&
    endpointNamePattern.test(endpoint) &&
    Number.isSafeInteger(revision) &&
    Array.isArray(targets) &&
    targets.every(isTarget)
  );
};

const pick = ({
  endpoint,
  revision,
  targets,
  execution,
  routing,
  unloaded,
}: DesiredEndpoint): DesiredEndpoint => ({
  endpoint,
  revision,
  targets,
  ...(execution ? { execution } : {}),
  ...(routing ? { routing } : {}),
  ...(unloaded === true ? { unloaded } : {}),
});

/** The whole list is the truth, also where it is older than what events said: deployment may have been restored. */
export const fromList = (views: readonly DesiredEndpoint[]): DesiredState =>
  new Map(views.map((view) => [view.endpoint, pick(view)]));

/** Events may come late or twice: only a newer revision counts. */
export const withChanged = (state: DesiredState, view: DesiredEndpoint): DesiredState => {
  const known = state.get(view.endpoint);
  if (known && known.revision >= view.revision) return state;
  return new Map(state).set(view.endpoint, pick(view));
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
