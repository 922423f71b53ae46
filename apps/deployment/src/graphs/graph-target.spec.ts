import type { Target } from '@millrace/contracts';
import type { Rollout } from '../rollouts/rollout.js';
import { graphTarget } from './graph-target.js';

const artifact = (digit: string) => ({
  type: 'file' as const,
  digest: `sha256:${digit.repeat(64)}`,
  size: 1,
});
const target = (model: string, version: number, digit: string): Target => ({
  ...{ model, version, weight: 100 },
  artifact: artifact(digit),
});
const rolloutOf = (number: number, candidate: Target, stable?: Target) =>
  ({ number, candidate, ...(stable ? { stable } : {}) }) as Rollout;

describe('graphTarget', () => {
  it('begins with 1, and counts on from whatever the endpoint had', () => {
    expect(graphTarget({ rollout: null, targets: [] }, { name: 'g', artifact: artifact('a') })).toEqual(
      target('g', 1, 'a'),
    );
    const model = target('m', 7, 'b');
    const after = { rollout: rolloutOf(2, model), targets: [model] };
    expect(graphTarget(after, { name: 'g', artifact: artifact('a') }).version).toBe(8);
    const back = { rollout: rolloutOf(12, model, target('g', 9, 'c')), targets: [model] };
    expect(graphTarget(back, { name: 'g', artifact: artifact('a') }).version).toBe(13);
  });

  it('knows a graph again', () => {
    const before = { rollout: rolloutOf(5, target('g', 5, 'b'), target('g', 4, 'a')), targets: [] };
    expect(graphTarget(before, { name: 'g', artifact: artifact('a') }).version).toBe(4);
    expect(graphTarget(before, { name: 'h', artifact: artifact('a') }).version).toBe(6);
  });
});
