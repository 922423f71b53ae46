import type { Target } from '@millrace/contracts';
import { planDeploy, type DeployedNow, type WantedDeploy } from './plan-deploy.js';
import type { Rollout } from './rollout.js';

const target = (version: number): Target => ({
  model: 'm',
  version,
  artifact: { type: 'model', digest: `sha256:${String(version).padStart(64, '0')}`, size: 1 },
  weight: 100,
});
const rollout = (phase: Rollout['phase'], change: Partial<Rollout> = {}): Rollout => ({
  number: 3,
  strategy: 'rolling',
  phase,
  candidate: target(2),
  stable: target(1),
  startedAt: 0,
  phaseAt: 0,
  ...change,
});
const plan = (now: Partial<DeployedNow>, wanted: Partial<WantedDeploy> & { version: number }) =>
  planDeploy(
    {
      rollout: undefined,
      lastNumber: 3,
      inherited: undefined,
      unloaded: false,
      failed: false,
      replicas: true,
      ...now,
    },
    { strategy: 'rolling', newOptions: false, target: target(wanted.version), ...wanted },
    1_000,
    50,
  );

describe('a deployment', () => {
  it('prepares what replicas are to switch to', () => {
    expect(plan({ rollout: rollout('promoted') }, { version: 3 })).toEqual({
      kind: 'begin',
      to: {
        ...{ number: 4, strategy: 'rolling', phase: 'preparing', startedAt: 50, phaseAt: 50 },
        ...{ candidate: target(3), stable: target(2) },
      },
    });
    expect(plan({ inherited: target(1) }, { version: 3 })).toMatchObject({ to: { stable: target(1) } });
    expect(plan({ rollout: rollout('failed') }, { version: 2 })).toMatchObject({
      to: { candidate: target(2), stable: target(1), phase: 'preparing' },
    });
  });

  it('answers at once where nothing did, and where nobody could prepare it', () => {
    const first = plan({}, { version: 1, strategy: 'canary' });
    expect(first).toMatchObject({ to: { phase: 'promoted', number: 4 } });
    expect(first.kind === 'begin' && first.to.stable).toBeUndefined();
    expect(plan({ rollout: rollout('promoted'), replicas: false }, { version: 3 })).toMatchObject({
      to: { phase: 'promoted', stable: target(2), warmUntil: 1_050 },
    });
  });

  it('takes the place of one under way, and goes back to the same', () => {
    expect(plan({ rollout: rollout('canary') }, { version: 3 })).toMatchObject({
      to: { candidate: target(3), stable: target(1) },
    });
  });

  it('of what answers changes nothing, unless replicas failed or options changed', () => {
    const now = { rollout: rollout('promoted') };
    expect(plan(now, { version: 2 })).toEqual({ kind: 'keep' });
    expect(plan({ ...now, failed: true }, { version: 2 })).toEqual({ kind: 'again' });
    expect(plan({ ...now, unloaded: true }, { version: 2 })).toEqual({ kind: 'again' });
    expect(plan(now, { version: 2, newOptions: true })).toEqual({ kind: 'again' });
  });

  it('of what is under way changes nothing, and of what answered before it ends it', () => {
    const now = { rollout: rollout('preparing') };
    expect(plan(now, { version: 2 })).toEqual({ kind: 'keep' });
    expect(plan(now, { version: 2, strategy: 'shadow' })).toMatchObject({ to: { strategy: 'shadow' } });
    expect(plan(now, { version: 1 })).toMatchObject({
      kind: 'back',
      to: { number: 3, phase: 'rolled_back', reason: 'version 1 was deployed again' },
    });
  });
});
