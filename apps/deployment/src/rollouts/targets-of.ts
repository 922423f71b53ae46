import type { Target } from '@millrace/contracts';
import type { Rollout } from './rollout.js';

const live = (target: Target, weight = 100): Target => ({ ...plain(target), weight });
const aside = (target: Target, role: 'standby' | 'shadow'): Target => ({ ...plain(target), weight: 0, role });
const plain = ({ model, version, artifact }: Target): Omit<Target, 'weight' | 'role'> => ({
  model,
  version,
  artifact,
});

/**
 * What replicas are to load in this phase, and who answers. The weights of those that answer add up to 100; what has no
 * weight is passed over by replicas that know no roles.
 */
export const targetsOf = (rollout: Rollout): Target[] => {
  const { phase, candidate, stable, warmUntil } = rollout;
  if (!stable) return [live(candidate)];
  const warm = (target: Target): Target[] => (warmUntil === undefined ? [] : [aside(target, 'standby')]);
  switch (phase) {
    case 'preparing':
    case 'prepared':
      return [live(stable), aside(candidate, 'standby')];
    case 'shadowing':
      return [live(stable), aside(candidate, 'shadow')];
    case 'canary': {
      const weight = weightOf(rollout);
      return [live(stable, 100 - weight), live(candidate, weight)];
    }
    case 'promoted':
      return [live(candidate), ...warm(stable)];
    case 'failed':
    case 'rolled_back':
    case 'superseded':
      return [live(stable), ...warm(candidate)];
  }
};

/** The share of a canary in its step, in percent. */
export const weightOf = ({ canary, step = 0 }: Pick<Rollout, 'canary' | 'step'>): number =>
  canary?.steps[step]?.weight ?? 0;
