import type { RolloutMeasure, RolloutView, ShadowMeasure } from '@millrace/contracts';
import { latencyOf, type Measured, type MeasuredSide } from './measured.js';
import { isUnderWay, type Rollout } from './rollout.js';
import { weightOf } from './targets-of.js';

const moment = (at: number): string => new Date(at).toISOString();

/** @param waitsFor of a rollout under way */
export const toRolloutView = (rollout: Rollout, waitsFor?: string): RolloutView => {
  const { number, strategy, phase, candidate, stable, canary, step, warmUntil, error, measured } = rollout;
  const reason = rollout.reason ?? waitsFor;
  return {
    ...{ number, strategy, phase, model: candidate.model, version: candidate.version },
    ...(stable ? { previousModel: stable.model, previousVersion: stable.version } : {}),
    ...(canary ? { canary } : {}),
    ...(step === undefined ? {} : { step, weight: weightNow(rollout) }),
    ...(reason === undefined ? {} : { reason }),
    ...(error ? { error } : {}),
    startedAt: moment(rollout.startedAt),
    phaseAt: moment(rollout.phaseAt),
    ...(warmUntil === undefined ? {} : { warmUntil: moment(warmUntil) }),
    ...(measured ? measures(phase, measured) : {}),
    ended: !isUnderWay(rollout),
  };
};

const weightNow = (rollout: Rollout): number => {
  if (rollout.phase === 'canary') return weightOf(rollout);
  return rollout.phase === 'promoted' ? 100 : 0;
};

const measures = (phase: Rollout['phase'], { candidate, stable, shadow }: Measured) => ({
  candidate: toMeasure(candidate),
  previous: toMeasure(stable),
  ...(phase === 'shadowing' ? { shadow: toShadow(shadow) } : {}),
});

const toMeasure = (side: MeasuredSide): RolloutMeasure => {
  const [p50, p99] = [latencyOf(side, 0.5), latencyOf(side, 0.99)];
  return {
    requests: side.requests,
    errors: side.errors,
    ...(p50 === undefined ? {} : { p50 }),
    ...(p99 === undefined ? {} : { p99 }),
  };
};

const toShadow = ({ rows, agreed, ...rest }: Measured['shadow']): ShadowMeasure => ({
  rows,
  ...(rows === 0 ? {} : { agreement: agreed / rows }),
  ...rest,
});
