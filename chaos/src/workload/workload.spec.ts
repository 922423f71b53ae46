import { drawTimeline, faultNames } from '../faults/timeline.js';
import { drawCrash, workerPoints } from '../faults/crash-points.js';
import { definitionOf } from './definition-of.js';
import { isStubborn } from './expected.js';
import { drawRequest, drawSketches, limited } from './pipelines.js';
import { stepsOf } from './sketch.js';

const timeline = (seed: number, names = faultNames) =>
  drawTimeline({
    ...{ seed, untilMs: 900_000, orchestrators: 2, workers: 2, leaseMs: 5_000, everyMs: 3_000 },
    names,
  });

describe('a seed', () => {
  it('decides what is asked for, what is done to the system, and where processes die', () => {
    const known = drawSketches(1);
    const all = (seed: number) => [
      drawSketches(seed),
      timeline(seed),
      Array.from({ length: 50 }, (_, i) => drawRequest(seed, i, known)),
      Array.from({ length: 20 }, (_, i) => drawCrash(seed, 'worker-0', i, workerPoints, 0.5)),
    ];
    expect(all(1)).toEqual(all(1));
    for (const [i, part] of all(2).entries()) expect(part).not.toEqual(all(1)[i]);
  });

  it('comes to every fault, at times that grow', () => {
    const faults = timeline(3);
    expect(new Set(faults.map(({ name }) => name))).toEqual(new Set(faultNames));
    expect(faults.map(({ atMs }) => atMs)).toEqual(faults.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
    expect(faults.length / 900).toBeCloseTo(1 / 3, 1);
  });

  it('does the same where not all of it can be done', () => {
    const names = faultNames.filter((name) => name !== 'jump clock');
    expect(timeline(3, names)).toEqual(timeline(3).filter(({ name }) => name !== 'jump clock'));
  });
});

describe('the pipelines of a few storms', () => {
  const sketches = [1, 2, 3].flatMap(drawSketches);
  const steps = sketches.flatMap(stepsOf);

  it('say everything that a pipeline can say', () => {
    const texts = JSON.stringify(sketches.map(definitionOf));
    const said = ['when', 'foreach', 'until', 'retry', 'on', 'approval', 'after', 'concurrency', 'priority'];
    for (const statement of [...said, 'pipeline', 'cache']) expect(texts).toContain(`"${statement}":`);
    for (const phase of ['onFailure', 'finally']) expect(texts).toContain(`"${phase}":`);
    expect(new Set(steps.map(({ does }) => does))).toEqual(
      new Set(['add', 'slow', 'narrow', 'flaky', 'picky', 'poison', 'write', 'read', 'approval', 'run']),
    );
  });

  it('run others once, for items and again and again, also at the end, and those that run others', () => {
    const running = steps.filter(({ runs }) => runs);
    for (const way of ['each', 'until', 'when', 'after'] as const)
      expect(running.filter((step) => step[way] !== undefined)).not.toEqual([]);
    expect(sketches.flatMap((sketch) => sketch.finally).filter(({ runs }) => runs)).not.toEqual([]);
    expect(running.filter(({ runs }) => runs?.of.main.some((step) => step.runs))).not.toEqual([]);
    expect(running.filter(isStubborn)).not.toEqual([]);
  });

  it('run only what comes before them', () => {
    const seen = new Set([limited]);
    for (const sketch of drawSketches(4)) {
      for (const { runs } of stepsOf(sketch)) if (runs) expect(seen).toContain(runs.of);
      seen.add(sketch);
    }
  });

  it('hold no more than one step that has to be opened again', () => {
    const stubborn = sketches.map(({ main }) => main.filter(isStubborn).length);
    expect(new Set(stubborn)).toEqual(new Set([0, 1]));
  });
});
