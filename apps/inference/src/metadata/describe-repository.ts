import type { RepositoryModel } from '@millrace/contracts';
import type { DesiredEndpoint, DesiredState } from '../desired/desired-state.js';
import type { Attempt, Attempts } from '../reconcile/plan.js';

interface Served {
  name: string;
  targets: readonly { target: { version: number } }[];
}

/** What is served, and what should be and is not, by version: while one is loaded, the one before it is still ready. */
export const describeRepository = (
  desired: DesiredState,
  served: readonly Served[],
  attempts: Attempts,
): RepositoryModel[] => {
  const ready = served.flatMap(({ name, targets }) =>
    targets.map(({ target }) => ({
      name,
      version: String(target.version),
      state: 'READY' as const,
      reason: '',
    })),
  );
  const known = new Set(ready.map(({ name, version }) => `${name}/${version}`));
  const missing = [...desired.values()].flatMap((wanted) =>
    wanted.targets.map(({ version }) =>
      describeMissing(wanted, String(version), attempts.get(wanted.endpoint)),
    ),
  );
  return [...ready, ...missing.filter(({ name, version }) => !known.has(`${name}/${version}`))];
};

const describeMissing = (
  { endpoint: name, revision, unloaded }: DesiredEndpoint,
  version: string,
  attempt: Attempt | undefined,
): RepositoryModel => {
  if (unloaded) return { name, version, state: 'UNAVAILABLE', reason: 'unloaded' };
  const error = attempt?.revision === revision ? attempt.error : undefined;
  if (error) return { name, version, state: 'UNAVAILABLE', reason: error.message };
  return { name, version, state: 'LOADING', reason: 'it is being loaded' };
};
