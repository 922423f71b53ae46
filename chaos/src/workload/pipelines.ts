import { Random } from '../random/random.js';
import { drawSketch } from './draw-sketch.js';
import { expectedOf, isStubborn } from './expected.js';
import type { Sketch } from './sketch.js';

const pipelineCount = 28;
const parentCount = 5;
const grandparentCount = 2;

/** The pipelines that are drawn for one storm, each behind those that it runs. */
export const drawSketches = (seed: number): Sketch[] => {
  const draw = (prefix: string, count: number, below: readonly Sketch[] = []) =>
    Array.from({ length: count }, (_, i) => {
      const name = `${prefix}${i}`;
      return drawSketch(new Random(seed, 'pipeline', name), name, below);
    });
  const plain = draw('p', pipelineCount);
  const parents = draw('parent', parentCount, [...plain, limited]);
  return [...plain, ...parents, ...draw('grandparent', grandparentCount, parents)];
};

const only = { onFailure: [], finally: [] };

/** A few at once; the others wait for their turn. */
export const limited: Sketch = {
  name: 'limited',
  concurrency: 3,
  main: [
    { name: 'first', does: 'slow', adds: 'x', takes: [], ms: 60 },
    { name: 'second', does: 'add', adds: 1, takes: ['first'] },
  ],
  ...only,
};

/** Its first step takes its worker along, every time. */
export const deadly: Sketch = {
  name: 'deadly',
  main: [
    { name: 'first', does: 'deadly', adds: 0, takes: [] },
    { name: 'second', does: 'add', adds: 0, takes: ['first'] },
    { name: 'other', does: 'add', adds: 'x', takes: [] },
  ],
  ...only,
};

/** Begins by itself, again and again. */
export const ticking: Sketch = {
  name: 'ticking',
  schedule: { everySeconds: 5, x: 7 },
  main: [{ name: 'tick', does: 'add', adds: 'x', takes: [] }],
  ...only,
};

/** Begins with messages on a subject that a stream keeps. */
export const hearing: Sketch = {
  name: 'hearing',
  trigger: { subject: 'plant.heard', unlessDivisibleBy: 5 },
  main: [{ name: 'hear', does: 'add', adds: 'x', takes: [] }],
  ...only,
};

/** Was under way when the database was of an older version. Three quarters of it are done. */
export const inherited: Sketch = {
  name: 'inherited',
  main: [
    { name: 'first', does: 'add', adds: 5, takes: [] },
    { name: 'left', does: 'add', adds: 'x', takes: ['first'] },
    { name: 'right', does: 'add', adds: 1, takes: ['first'] },
    { name: 'last', does: 'add', adds: 0, takes: ['left', 'right'] },
  ],
  ...only,
};

/** What a client does to a run that it has started. */
export interface Whim {
  does: 'cancel' | 'cancel and resume' | 'pause' | 'cancel below';
  afterMs: number;
  /** How long a pause is. */
  forMs: number;
}

/** One run that a client will ask for. */
export interface Request {
  key: string;
  pipeline: string;
  x: number;
  whim?: Whim;
}

/** Rarely: each costs three processes their lives. */
const deadlyEvery = 500;

/** Can what fails at first be brought to succeed? */
export const gives = (sketch: Sketch, x: number): boolean =>
  expectedOf(sketch, x).status === 'failed' &&
  expectedOf(sketch, x, { resumed: true }).status === 'succeeded';

/** The run with this number, whoever asks for it and whenever. */
export const drawRequest = (seed: number, number: number, sketches: readonly Sketch[]): Request => {
  const random = new Random(seed, 'run', number);
  const ordinary = sketches.filter((sketch) => sketch !== deadly);
  const isDeadly = ordinary.length < sketches.length && number % deadlyEvery === 3;
  const sketch = isDeadly ? deadly : random.pick(ordinary);
  const x = random.integer(0, 9);
  const key = `chaos/${seed}/${number}`;
  const request = { key, pipeline: sketch.name, x };
  const isParent = sketch.main.some(({ runs }) => runs !== undefined);
  if (isDeadly || !random.chance(isParent ? 0.3 : 0.12)) return request;
  // What is stubborn may have been cancelled before or after it had its say: that makes two sums.
  const isPlain = !sketch.main.some(isStubborn);
  const whim: Whim = {
    does: random.pick([
      'cancel',
      isPlain && sketch !== limited ? 'cancel and resume' : 'cancel',
      'pause',
      ...(isParent && isPlain ? (['cancel below'] as const) : []),
    ] as const),
    afterMs: random.integer(0, 1_500),
    forMs: random.integer(0, 1_500),
  };
  return { ...request, whim };
};
