import { drawTimeline, faultNames } from '../faults/timeline.js';
import { drawCrash, workerPoints } from '../faults/crash-points.js';
import { expectedOf } from './expected.js';
import { drawPipelines, drawRequest } from './pipelines.js';

const timeline = (seed: number) =>
  drawTimeline({
    ...{ seed, untilMs: 600_000, orchestrators: 2, workers: 2, leaseMs: 5_000, everyMs: 3_000 },
    names: faultNames,
  });
const names = ['p0', 'p1', 'p2'];

describe('a seed', () => {
  it('decides what is asked for, what is done to the system, and where processes die', () => {
    const all = (seed: number) => [
      drawPipelines(seed),
      timeline(seed),
      Array.from({ length: 50 }, (_, i) => drawRequest(seed, i, names)),
      Array.from({ length: 20 }, (_, i) => drawCrash(seed, 'worker-0', i, workerPoints, 0.5)),
    ];
    expect(all(1)).toEqual(all(1));
    for (const [i, part] of all(2).entries()) expect(part).not.toEqual(all(1)[i]);
  });

  it('comes to every fault, at times that grow', () => {
    const faults = timeline(3);
    expect(new Set(faults.map(({ name }) => name))).toEqual(new Set(faultNames));
    expect(faults.map(({ atMs }) => atMs)).toEqual(faults.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
    expect(faults.length / 600).toBeCloseTo(1 / 3, 1);
  });
});

describe('the sums', () => {
  it('add up what steps are given, and skip what waits for a failure', () => {
    const { status, steps } = expectedOf(
      {
        name: 'p',
        steps: {
          w: { component: 'chaos.write', params: { text: 'A-${{ params.x }}' } },
          a: { component: 'chaos.add', params: { value: 4 } },
          r: {
            component: 'chaos.read',
            params: { value: '${{ params.x }}' },
            inputs: { a: 'a.value', file: 'w.file' },
          },
          p: { component: 'chaos.poison', inputs: { a: 'r.value' } },
          s: { component: 'chaos.add', inputs: { a: 'a.value', b: 'p.value' } },
        },
      },
      3,
    );
    const text = 'A'.charCodeAt(0) + '-'.charCodeAt(0) + '3'.charCodeAt(0);
    expect(status).toBe('failed');
    expect(Object.fromEntries([...steps].map(([name, step]) => [name, step.n ?? step.status]))).toEqual({
      ...{ w: text, a: 4, r: text + 4 + 3, p: 'failed', s: 'skipped' },
    });
  });
});
