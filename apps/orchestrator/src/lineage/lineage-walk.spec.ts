import { LineageWalk } from './lineage-walk.js';

/** A chain of steps: step i takes artifact i and gives artifact i + 1; the last gives the first again. */
const walkOf = (length: number, maxSteps?: number) => {
  const touch = (step: number, digest: number) => ({
    run: 'r',
    step: String(step).padStart(3, '0'),
    digest: String(digest % length),
  });
  return new LineageWalk(
    (digests, side) =>
      Promise.resolve(
        digests.map((digest) =>
          side === 'in'
            ? touch(Number(digest), Number(digest))
            : touch((Number(digest) + length - 1) % length, Number(digest)),
        ),
      ),
    (steps, side) =>
      Promise.resolve(steps.map(({ step }) => touch(Number(step), Number(step) + (side === 'out' ? 1 : 0)))),
    maxSteps,
  );
};

describe('a walk along lineage', () => {
  it('visits each step once, even in a circle', async () => {
    const walk = walkOf(10);
    await walk.follow('3', 'in', 100);
    expect(walk.reached).toHaveLength(10);
    expect(walk.truncated).toBe(false);
    await walk.follow('3', 'out', 100);
    expect(walk.reached).toHaveLength(10);
  });

  it('ends at its depth and at its number of steps, and says so', async () => {
    const deep = walkOf(10);
    await deep.follow('0', 'in', 4);
    expect([deep.reached.length, deep.truncated]).toEqual([4, true]);
    const wide = walkOf(10, 3);
    await wide.follow('0', 'in', 100);
    expect([wide.reached.length, wide.truncated]).toEqual([3, true]);
  });
});
