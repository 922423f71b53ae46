import type {
  CanaryOptions,
  ExecutionOptions,
  RolloutError,
  RolloutPhase,
  RolloutStrategy,
  RoutingOptions,
  Target,
} from '@millrace/contracts';
import type { Measured } from './measured.js';

/** What is said of an endpoint beside its targets. */
export interface EndpointOptions {
  routing: RoutingOptions | null;
  execution: ExecutionOptions | null;
}

/** One version taking the place of another. Kept as it is with its endpoint. Times in epoch milliseconds. */
export interface Rollout {
  number: number;
  strategy: RolloutStrategy;
  phase: RolloutPhase;
  candidate: Target;
  /** What answered before; nothing on the first deployment. */
  stable?: Target;
  /** The endpoint's options before, where it brings others: they come back with the version before. */
  before?: EndpointOptions;
  /** Somebody asked to go back, and what was there before had to be loaded again: this is the way back. */
  isReturn?: true;
  canary?: CanaryOptions;
  /** Of a canary, from 0. */
  step?: number;
  startedAt: number;
  /** When it entered this phase or step. */
  phaseAt: number;
  /** The version that does not answer is kept loaded until then. */
  warmUntil?: number;
  reason?: string;
  error?: RolloutError;
  /** Since `phaseAt`. */
  measured?: Measured;
}

const underWay: readonly RolloutPhase[] = ['preparing', 'prepared', 'shadowing', 'canary'];

/** The version before still answers, and the candidate is to. */
export const isUnderWay = ({ phase }: Pick<Rollout, 'phase'>): boolean => underWay.includes(phase);

/** The version before has its place again. */
export const isTakenBack = ({ phase }: Pick<Rollout, 'phase'>): boolean =>
  phase === 'failed' || phase === 'rolled_back';

/** What answers, or answers most, and would be gone back to. */
export const servingOf = (rollout: Rollout): Target | undefined =>
  rollout.phase === 'promoted' ? rollout.candidate : rollout.stable;

const measuring: readonly RolloutPhase[] = ['canary', 'shadowing'];

/** Windows of predictions say something about the candidate. */
export const isMeasured = ({ phase }: Pick<Rollout, 'phase'>): boolean => measuring.includes(phase);

/** In another phase or step. What was measured before stays as the reason for its end, and counts no more for what follows. */
export const enter = (
  rollout: Rollout,
  now: number,
  change: Partial<Rollout> & Pick<Rollout, 'phase'>,
): Rollout => {
  const next: Rollout = { ...rollout, ...change, phaseAt: now };
  if (change.warmUntil === undefined) delete next.warmUntil;
  if (change.reason === undefined) delete next.reason;
  if (isMeasured(next)) delete next.measured;
  return next;
};
