import { rolloutStrategies, type CanaryOptions, type Target } from '@millrace/contracts';
import { QuantileSketch } from '@millrace/ml';
import fc from 'fast-check';
import { decideRollout, promoted, rolledBack, type HeardReplica } from './decide-rollout.js';
import { nothingMeasured, withWindow } from './measured.js';
import { isUnderWay, servingOf, type Rollout } from './rollout.js';
import { targetsOf } from './targets-of.js';

const target = (version: number): Target => ({
  model: 'm',
  version,
  artifact: { type: 'model', digest: `sha256:${String(version).padStart(64, '0')}`, size: 1 },
  weight: 100,
});
const limits = { prepareTimeoutMs: 60_000, warmMs: 1_000 };
const canary: CanaryOptions = {
  steps: [
    { weight: 5, durationMs: 100 },
    { weight: 25, durationMs: 200 },
  ],
  minRequests: 10,
};
const begin = (change: Partial<Rollout> = {}): Rollout => ({
  number: 1,
  strategy: 'rolling',
  phase: 'preparing',
  candidate: target(2),
  stable: target(1),
  startedAt: 0,
  phaseAt: 0,
  ...change,
});
const heard = (replica: string, revision: number, state: HeardReplica['state'] = 'ready'): HeardReplica => ({
  replica,
  revision,
  state,
  ...(state === 'failed' ? { code: 'integrity', error: 'golden row 3' } : {}),
});
const decide = (rollout: Rollout, replicas: HeardReplica[], now = 0) =>
  decideRollout(rollout, 5, replicas, limits, now);
const answered = (rollout: Rollout, requests: number, errors: number): Rollout => {
  const latency = new QuantileSketch();
  latency.add(1, requests);
  const window = { requests, errors, latency: latency.toJSON() };
  return { ...rollout, measured: withWindow(rollout.measured ?? nothingMeasured(), 'candidate', window) };
};

describe('a rollout that is prepared', () => {
  it('goes on once every replica has it, and says for whom it waits', () => {
    expect(decide(begin(), [heard('a', 5), heard('b', 4)])).toEqual({
      kind: 'wait',
      reason: 'waits for replica b to load the candidate',
      until: 60_000,
    });
    expect(decide(begin(), [heard('a', 5), heard('b', 5)], 7)).toMatchObject({
      kind: 'go',
      to: { phase: 'promoted', phaseAt: 7, warmUntil: 1_007 },
    });
  });

  it.each([
    ['blue-green', { phase: 'prepared' }],
    ['shadow', { phase: 'shadowing' }],
    ['canary', { phase: 'canary', step: 0 }],
  ] as const)('goes on to what is next for %s', (strategy, to) => {
    expect(decide(begin({ strategy, canary }), [heard('a', 5)])).toMatchObject({ kind: 'go', to });
  });

  it('stops where a replica cannot load it, with the reason', () => {
    expect(decide(begin(), [heard('a', 5), heard('b', 5, 'failed')])).toMatchObject({
      to: {
        phase: 'failed',
        error: { code: 'integrity', message: "replica 'b' cannot load it: golden row 3" },
      },
    });
    expect(decide(begin(), [heard('a', 4, 'failed'), heard('b', 5)])).toMatchObject({ kind: 'wait' });
  });

  it('does not take it for good that no replica is left, and does not wait for ever', () => {
    expect(decide(begin(), [], 59_999)).toMatchObject({ kind: 'wait', until: 60_000 });
    expect(decide(begin(), [heard('slow', 4)], 60_000)).toMatchObject({
      to: { phase: 'failed', error: { code: 'deadline_exceeded', message: expect.stringContaining('slow') } },
    });
  });
});

describe('a canary', () => {
  const first = begin({ strategy: 'canary', canary, phase: 'canary', step: 0 });

  it('gets its steps, each when its time is over and its numbers are good, and then everything', () => {
    expect(decide(answered(first, 10, 0), [], 99)).toMatchObject({ kind: 'wait', until: 100 });
    const second = decide(answered(first, 10, 0), [], 100);
    expect(second).toMatchObject({ to: { phase: 'canary', step: 1, phaseAt: 100 } });
    if (second.kind !== 'go') throw new Error('does not go on');
    // What the first step measured says nothing of the second.
    expect(decide(second.to, [], 300)).toMatchObject({
      kind: 'wait',
      reason: 'has too few to go on: 0 of at least 10 requests',
    });
    expect(decide(answered(second.to, 10, 0), [], 300)).toMatchObject({ to: { phase: 'promoted' } });
  });

  it('is taken back at once by bad numbers, and by a replica that cannot serve it', () => {
    expect(decide(answered(first, 5, 5), [], 1)).toMatchObject({
      to: {
        phase: 'rolled_back',
        reason: '5 of 5 requests failed, more than 1 %',
        measured: expect.anything(),
      },
    });
    expect(decide(first, [heard('new', 5, 'failed')])).toMatchObject({ to: { phase: 'failed' } });
  });

  it('waits for somebody in a step without an end', () => {
    const open = { ...first, canary: { steps: [{ weight: 50 }], minRequests: 10 } };
    expect(decide(answered(open, 1_000, 0), [], 1e12)).toMatchObject({ kind: 'wait' });
    expect(decide(answered(open, 1_000, 500), [], 1)).toMatchObject({ to: { phase: 'rolled_back' } });
  });
});

describe('what is kept to be gone back to', () => {
  const warm = promoted(begin(), 1_000, 0);

  it('is dropped when its time is over', () => {
    expect(targetsOf(warm)).toMatchObject([
      { version: 2, weight: 100 },
      { version: 1, role: 'standby' },
    ]);
    expect(decide(warm, [heard('a', 5)], 999)).toEqual({ kind: 'wait', until: 1_000 });
    const cold = decide(warm, [heard('a', 5)], 1_000);
    if (cold.kind !== 'go') throw new Error('is kept');
    expect(targetsOf(cold.to)).toMatchObject([{ version: 2, weight: 100 }]);
    expect(decide(cold.to, [heard('a', 5)], 5_000)).toEqual({ kind: 'wait' });
  });

  it('does not keep a replica from answering that cannot load it', () => {
    expect(decide(warm, [heard('new', 5, 'failed')], 1)).toMatchObject({
      kind: 'go',
      to: { phase: 'promoted' },
    });
  });

  it('is the candidate after a rollback, where it had answered everything', () => {
    expect(targetsOf(rolledBack(warm, 'asked for', 1_000, 1))).toMatchObject([
      { version: 1, weight: 100 },
      { version: 2, role: 'standby' },
    ]);
    expect(targetsOf(rolledBack(begin({ phase: 'prepared' }), 'asked for', 1_000, 1))).toHaveLength(1);
  });
});

describe('whatever happens to a rollout', () => {
  const step = fc.record({
    replicas: fc.array(
      fc.record({
        replica: fc.constantFrom('a', 'b', 'c'),
        revision: fc.constantFrom(4, 5),
        state: fc.constantFrom('ready' as const, 'ready' as const, 'failed' as const),
      }),
      { maxLength: 3 },
    ),
    passed: fc.integer({ min: 0, max: 400 }),
    requests: fc.integer({ min: 0, max: 30 }),
    errors: fc.integer({ min: 0, max: 2 }),
  });

  it('the weights add up, the version before is lost only to a promotion, and what has ended stays so', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...rolloutStrategies),
        fc.array(step, { maxLength: 20 }),
        (strategy, steps) => {
          let rollout = begin({ strategy, canary });
          let now = 0;
          for (const { replicas, passed, requests, errors } of steps) {
            now += passed;
            if (rollout.phase === 'canary') rollout = answered(rollout, requests, errors);
            const decision = decide(rollout, replicas, now);
            const before = rollout;
            if (decision.kind === 'go') rollout = decision.to;
            const targets = targetsOf(rollout);
            const live = targets.filter(({ role }) => role === undefined);
            expect(live.reduce((sum, { weight }) => sum + weight, 0)).toBe(100);
            expect(targets.every(({ role, weight }) => (role === undefined) === weight > 0)).toBe(true);
            expect(new Set(targets.map(({ version }) => version)).size).toBe(targets.length);
            if (rollout.phase !== 'promoted') expect(live.map(({ version }) => version)).toContain(1);
            if (!isUnderWay(before)) expect(servingOf(rollout)).toEqual(servingOf(before));
            // Nothing gets anything to answer that some replica has not been heard to have loaded.
            if (before.phase === 'preparing' && live.some(({ version }) => version === 2))
              expect(
                replicas.length > 0 && replicas.every((r) => r.revision === 5 && r.state === 'ready'),
              ).toBe(true);
          }
        },
      ),
    );
  });
});
