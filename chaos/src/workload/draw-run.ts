import type { Random } from '../random/random.js';
import { expectedOf, isStubborn } from './expected.js';
import { needsOf, type Sketch, type StepSketch } from './sketch.js';

/** Main steps that have one number whenever their run succeeds: nothing on their way depends on a condition. */
export const certainNumbers = ({ main }: Sketch): string[] => {
  const certain = new Set<string>();
  for (const step of main)
    if (!step.when && needsOf(step).every((need) => certain.has(need))) certain.add(step.name);
  const hasNumber = ({ name, does, each }: StepSketch) =>
    certain.has(name) && !each && does !== 'write' && does !== 'approval';
  return main.filter(hasNumber).map(({ name }) => name);
};

/** Those that a step may run: they give a number, and nothing stubborn where that must not be. */
export const runnable = (below: readonly Sketch[], mayBeStubborn: boolean): Sketch[] =>
  below.filter(
    (sketch) => certainNumbers(sketch).length > 0 && (mayBeStubborn || !sketch.main.some(isStubborn)),
  );

type Run = Pick<StepSketch, 'does' | 'adds' | 'takes' | 'runs' | 'each' | 'until'>;

/** Succeeds with small numbers and large, be it when it is opened again. */
const isPromising = (sketch: Sketch): boolean =>
  [1, 8].every((x) => expectedOf(sketch, x, { resumed: true }).status === 'succeeded');

/** Mostly what succeeds, and what has to be opened again where it may be: behind what fails, nothing is reckoned. */
const pick = (random: Random, sketches: readonly Sketch[]): Sketch => {
  const promising = sketches.filter(isPromising);
  if (promising.length === 0 || random.chance(0.25)) return random.pick(sketches);
  const stubborn = promising.filter(({ main }) => main.some(isStubborn));
  return random.pick(stubborn.length > 0 && random.chance(0.5) ? stubborn : promising);
};

/** A run of one of these: once, for some items, or again and again. */
export const drawRun = (random: Random, below: readonly Sketch[], mayBeStubborn: boolean): Run => {
  const of = pick(random, runnable(below, mayBeStubborn));
  const runs = {
    of,
    gives: random.pick(certainNumbers(of)),
    ...(random.chance(0.3) ? { attempts: random.integer(2, 3) } : {}),
    ...(random.chance(0.2) ? { cached: false } : {}),
  };
  const run = { does: 'run' as const, takes: [], runs };
  if (random.chance(0.35)) {
    const items = Array.from({ length: random.integer(0, 3) }, () =>
      random.chance(0.2) ? ('x' as const) : random.integer(0, 9),
    );
    const each = { items, ...(random.chance(0.6) ? { atOnce: random.integer(1, 2) } : {}) };
    return { ...run, adds: random.pick(['item', 'item', 'index'] as const), each };
  }
  // The second iteration of what is stubborn would have to be opened again, too.
  if (random.chance(0.25) && !of.main.some(isStubborn))
    return { ...run, adds: 'index', until: { atLeast: random.integer(2, 60), max: random.integer(1, 3) } };
  return { ...run, adds: random.chance(0.6) ? 'x' : random.integer(0, 9) };
};
