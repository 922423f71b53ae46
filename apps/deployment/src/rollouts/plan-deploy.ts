import type { CanaryOptions, RolloutStrategy, Target } from '@millrace/contracts';
import { isUnderWay, servingOf, type Rollout } from './rollout.js';
import { rolledBack } from './decide-rollout.js';

export interface WantedDeploy {
  target: Target;
  strategy: RolloutStrategy;
  canary?: CanaryOptions | undefined;
  isReturn?: true;
  /** How requests are routed, or models executed, is to change. */
  newOptions: boolean;
}

export interface DeployedNow {
  /** Of the endpoint; undefined when it has none, or serves nothing. */
  rollout: Rollout | undefined;
  /** The number of its last rollout, or 0. */
  lastNumber: number;
  /** What answers although no rollout brought it: it is older than rollouts are. */
  inherited: Target | undefined;
  /** Nobody has it in memory. */
  unloaded: boolean;
  /** A replica says that it can't serve what it should. */
  failed: boolean;
  /** Is there a replica that could prepare anything? */
  replicas: boolean;
}

export type DeployPlan =
  | { kind: 'keep' }
  /** What answers is what is asked for, but replicas are to try again, or to take new options. */
  | { kind: 'again' }
  | { kind: 'back'; to: Rollout }
  | { kind: 'begin'; to: Rollout };

/** What a deployment does to what is there. */
export const planDeploy = (
  { rollout, lastNumber, inherited, unloaded, failed, replicas }: DeployedNow,
  { target, strategy, canary, isReturn, newOptions }: WantedDeploy,
  warmMs: number,
  now: number,
): DeployPlan => {
  const stable = rollout ? servingOf(rollout) : inherited;
  const underWay = rollout !== undefined && isUnderWay(rollout);
  if (underWay && same(rollout.candidate, target) && rollout.strategy === strategy) {
    if (JSON.stringify(rollout.canary) === JSON.stringify(canary))
      return newOptions || unloaded ? { kind: 'again' } : { kind: 'keep' };
  }
  if (stable && same(stable, target)) {
    const reason = `version ${target.version} was deployed again`;
    if (underWay) return { kind: 'back', to: rolledBack(rollout, reason, warmMs, now) };
    return failed || newOptions || unloaded ? { kind: 'again' } : { kind: 'keep' };
  }
  const base = {
    number: lastNumber + 1,
    strategy,
    candidate: target,
    startedAt: now,
    phaseAt: now,
    ...(stable ? { stable } : {}),
    ...(canary ? { canary } : {}),
    ...(isReturn ? { isReturn } : {}),
  };
  if (stable && replicas && !unloaded) return { kind: 'begin', to: { ...base, phase: 'preparing' } };
  const reason = stable ? 'there was no replica to prepare it' : 'nothing answered before it';
  const warm = stable && warmMs > 0 ? { warmUntil: now + warmMs } : {};
  return { kind: 'begin', to: { ...base, phase: 'promoted', reason, ...warm } };
};

const same = (a: Target, b: Target): boolean =>
  a.model === b.model && a.version === b.version && a.artifact.digest === b.artifact.digest;
