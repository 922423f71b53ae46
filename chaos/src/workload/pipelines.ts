import type { PipelineDefinition, StepDefinition } from '@millrace/contracts';
import { Random } from '../random/random.js';

const weights = { add: 10, slow: 2, flaky: 2, write: 2, read: 2, poison: 0.25 };
type StepKind = keyof typeof weights;
type Step = StepDefinition & { params: Record<string, string | number> };

const shortest = 1;
const longest = 12;

/** A random graph of steps: each takes the values of up to three before it, and adds them up. */
const drawPipeline = (random: Random, name: string): PipelineDefinition => {
  const steps: [string, Step][] = [];
  const files: string[] = [];
  const values: string[] = [];
  const length = random.integer(shortest, longest);
  for (let i = 0; i < length; i++) {
    const drawn = random.weighted(weights);
    const kind = drawn === 'read' && files.length === 0 ? 'write' : drawn;
    const step = `s${i}`;
    steps.push([step, drawStep(random, kind, values, files)]);
    if (kind === 'write') files.push(step);
    else values.push(step);
  }
  return {
    name,
    params: { x: { type: 'integer', default: 0 } },
    steps: Object.fromEntries(steps),
  };
};

const drawStep = (
  random: Random,
  kind: StepKind,
  values: readonly string[],
  files: readonly string[],
): Step => {
  const component = `chaos.${kind}`;
  // The same few files again and again, so that the cache has something to say.
  if (kind === 'write') return { component, params: { text: `${random.integer(0, 4)}-\${{ params.x }}` } };
  const params: Step['params'] = { value: random.chance(0.3) ? '${{ params.x }}' : random.integer(0, 99) };
  const inputs: Record<string, string> = {};
  const width = random.integer(0, Math.min(3, values.length));
  for (const port of ['a', 'b', 'c'].slice(0, width)) inputs[port] = `${random.pick(values)}.value`;
  if (kind === 'read') inputs['file'] = `${random.pick(files)}.file`;
  if (kind === 'slow') params['ms'] = random.integer(20, 900);
  if (kind !== 'flaky') return { component, params, inputs };
  const times = random.integer(1, 2);
  const retry = { attempts: times + 1, backoffMs: random.integer(0, 200) };
  return { component, params: { ...params, times }, inputs, retry };
};

/** One run that a client will ask for. */
export interface Request {
  key: string;
  pipeline: string;
  x: number;
  /** How long after the start it is cancelled, where it is. */
  cancelAfterMs?: number;
}

const pipelineCount = 24;

/** The pipelines of one storm. */
export const drawPipelines = (seed: number): PipelineDefinition[] =>
  Array.from({ length: pipelineCount }, (_, i) => drawPipeline(new Random(seed, 'pipeline', i), `p${i}`));

/** Its first step takes its worker along, every time. */
export const deadlyPipeline: PipelineDefinition = {
  name: 'deadly',
  params: { x: { type: 'integer', default: 0 } },
  steps: {
    first: { component: 'chaos.deadly' },
    second: { component: 'chaos.add', inputs: { a: 'first.value' } },
    other: { component: 'chaos.add', params: { value: '${{ params.x }}' } },
  },
};

/** Rarely: each costs three processes their lives. */
const deadlyEvery = 1_000;

/**
 * The run with this number, whoever asks for it and whenever.
 * @param pipelines their names
 */
export const drawRequest = (seed: number, number: number, pipelines: readonly string[]): Request => {
  const random = new Random(seed, 'run', number);
  const ordinary = pipelines.filter((name) => name !== deadlyPipeline.name);
  const isDeadly = ordinary.length < pipelines.length && number % deadlyEvery === 3;
  return {
    key: `chaos/${seed}/${number}`,
    pipeline: isDeadly ? deadlyPipeline.name : random.pick(ordinary),
    x: random.integer(0, 9),
    ...(random.chance(0.05) && !isDeadly ? { cancelAfterMs: random.integer(0, 1_500) } : {}),
  };
};
