import { backoffMs } from './backoff.js';
import { Lanes } from './lanes.js';

describe('Lanes', () => {
  it('keeps the order within a subject', () => {
    const lanes = Lanes.of([
      { subject: 'a', id: 1 },
      { subject: 'b', id: 2 },
      { subject: 'a', id: 3 },
    ]);
    expect(lanes.map((lane) => lane.map(({ id }) => id))).toEqual([[1, 3], [2]]);
  });

  it('lets a failed subject rest, longer each time, and the others not', () => {
    const lanes = new Lanes();
    const rests = [1, 2, 3].map(() => {
      lanes.failed('a', 0);
      return lanes.nextAfter(0)!;
    });
    expect(rests[0]).toBeLessThan(rests[1]!);
    expect(rests[1]).toBeLessThan(rests[2]!);
    expect(lanes.restingAt(0)).toEqual(['a']);
    expect(lanes.restingAt(rests[2]!)).toEqual([]);
    expect(lanes.nextAfter(rests[2]!)).toBeUndefined();
  });

  it('forgets failures after a success, or when told that all is well', () => {
    const lanes = new Lanes();
    lanes.failed('a', 0);
    lanes.failed('b', 0);
    lanes.succeeded('a');
    expect(lanes.restingAt(0)).toEqual(['b']);
    lanes.clear();
    expect(lanes.restingAt(0)).toEqual([]);
  });
});

describe('backoffMs', () => {
  const middle = () => 0.5;
  it('doubles from 100 ms to 10 s', () => {
    expect([1, 2, 3, 7, 8, 1000].map((attempt) => backoffMs(attempt, middle))).toEqual([
      100, 200, 400, 6400, 10_000, 10_000,
    ]);
  });

  it('is spread by a fifth either way', () => {
    expect([backoffMs(1, () => 0), backoffMs(1, () => 0.9999)]).toEqual([80, 120]);
  });
});
