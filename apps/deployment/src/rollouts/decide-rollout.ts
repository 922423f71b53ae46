import type { RolloutStrategy } from '@millrace/contracts';
import { judgeCanary } from './judge-canary.js';
import { nothingMeasured } from './measured.js';
import { enter, isUnderWay, type Rollout } from './rollout.js';

/** The last that a replica said which is not taken for gone. */
export interface HeardReplica {
  replica: string;
  revision: number;
  state: 'ready' | 'failed';
  code?: string | null;
  error?: string | null;
}

export interface RolloutLimits {
  /** All replicas must have loaded the candidate within so many milliseconds. */
  prepareTimeoutMs: number;
  /** The other version is kept loaded for so long after a switch. */
  warmMs: number;
}

export type Decision =
  | {
      kind: 'wait';
      reason?: string;
      /** Epoch milliseconds, when time alone may change this. */ until?: number;
    }
  | { kind: 'go'; to: Rollout };

/**
 * What a rollout does next: nothing but this decides.
 * @param revision of the endpoint, as of which `replicas` are judged
 */
export const decideRollout = (
  rollout: Rollout,
  revision: number,
  replicas: readonly HeardReplica[],
  limits: RolloutLimits,
  now: number,
): Decision => {
  const current = replicas.filter((replica) => replica.revision === revision);
  const failed = current.find(({ state }) => state === 'failed');
  if (!isUnderWay(rollout)) return decideEnded(rollout, failed !== undefined, now);
  if (failed) return { kind: 'go', to: fail(rollout, failed, now) };
  if (rollout.phase === 'preparing') return decidePreparing(rollout, current, replicas, limits, now);
  if (rollout.phase === 'canary') return decideCanary(rollout, limits, now);
  return { kind: 'wait', reason: 'waits for promote or rollback' };
};

/** A version that is kept only to be gone back to must not keep a replica from answering. */
const decideEnded = (rollout: Rollout, failed: boolean, now: number): Decision => {
  const { warmUntil, ...cold } = rollout;
  if (warmUntil === undefined) return { kind: 'wait' };
  return failed || now >= warmUntil ? { kind: 'go', to: cold } : { kind: 'wait', until: warmUntil };
};

const decidePreparing = (
  rollout: Rollout,
  ready: readonly HeardReplica[],
  replicas: readonly HeardReplica[],
  { prepareTimeoutMs, warmMs }: RolloutLimits,
  now: number,
): Decision => {
  // That none is left does not say that the candidate is good: it may be what ended them.
  if (ready.length > 0 && ready.length === replicas.length)
    return { kind: 'go', to: prepared(rollout, warmMs, now) };
  const late = replicas.filter((replica) => !ready.includes(replica)).map(({ replica }) => replica);
  const whom = nameSome(late);
  const until = rollout.phaseAt + prepareTimeoutMs;
  if (now < until) return { kind: 'wait', reason: `waits for ${whom} to load the candidate`, until };
  const message = `the candidate was not loaded within ${prepareTimeoutMs} ms: it waited for ${whom}`;
  return {
    kind: 'go',
    to: enter(rollout, now, { phase: 'failed', error: { code: 'deadline_exceeded', message } }),
  };
};

const nameSome = (replicas: readonly string[]): string => {
  if (replicas.length === 0) return 'a replica';
  const more = replicas.length > 5 ? ` and ${replicas.length - 5} more` : '';
  return `replica${replicas.length > 1 ? 's' : ''} ${replicas.slice(0, 5).join(', ')}${more}`;
};

const decideCanary = (rollout: Rollout, { warmMs }: RolloutLimits, now: number): Decision => {
  const { canary, step = 0, phaseAt, measured = nothingMeasured() } = rollout;
  const { verdict, reason } = judgeCanary(canary!, measured);
  if (verdict === 'bad') return { kind: 'go', to: enter(rollout, now, { phase: 'rolled_back', reason }) };
  const { durationMs } = canary!.steps[step]!;
  if (durationMs === undefined) return { kind: 'wait', reason: `${reason}; waits for promote or rollback` };
  const until = phaseAt + durationMs;
  if (now < until) return { kind: 'wait', reason, until };
  if (verdict === 'unknown') return { kind: 'wait', reason: `has too few to go on: ${reason}` };
  const last = step === canary!.steps.length - 1;
  return {
    kind: 'go',
    to: last ? promoted(rollout, warmMs, now) : enter(rollout, now, { phase: 'canary', step: step + 1 }),
  };
};

const firstPhase: Record<RolloutStrategy, 'promoted' | 'prepared' | 'canary' | 'shadowing'> = {
  rolling: 'promoted',
  'blue-green': 'prepared',
  canary: 'canary',
  shadow: 'shadowing',
};

/** Every replica has the candidate in memory. */
const prepared = (rollout: Rollout, warmMs: number, now: number): Rollout => {
  const phase = firstPhase[rollout.strategy];
  if (phase === 'promoted') return promoted(rollout, warmMs, now);
  return enter(rollout, now, phase === 'canary' ? { phase, step: 0 } : { phase });
};

/** The candidate answers everything. */
export const promoted = (rollout: Rollout, warmMs: number, now: number): Rollout =>
  enter(rollout, now, {
    phase: 'promoted',
    ...(rollout.stable && warmMs > 0 ? { warmUntil: now + warmMs } : {}),
  });

/** The version before answers everything again; the candidate is kept where it did before, for it may have been good. */
export const rolledBack = (rollout: Rollout, reason: string, warmMs: number, now: number): Rollout =>
  enter(rollout, now, {
    phase: 'rolled_back',
    reason,
    ...(rollout.phase === 'promoted' && warmMs > 0 ? { warmUntil: now + warmMs } : {}),
  });

const fail = (rollout: Rollout, { replica, code, error }: HeardReplica, now: number): Rollout =>
  enter(rollout, now, {
    phase: 'failed',
    error: {
      code: code ?? 'internal',
      message: `replica '${replica}' cannot load it: ${error ?? code ?? 'no reason given'}`,
    },
  });
