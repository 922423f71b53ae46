import { Random } from '../random/random.js';
import { drawRun, runnable } from './draw-run.js';
import { isStubborn } from './expected.js';
import type { Condition, Deed, Sketch, StepSketch } from './sketch.js';

const weights = {
  add: 10,
  slow: 2,
  narrow: 1.5,
  flaky: 3,
  write: 2,
  read: 2,
  poison: 0.25,
  approval: 0.5,
  each: 2,
  until: 1.5,
  run: 0,
};
type Kind = keyof typeof weights;

const shortest = 1;
const longest = 10;
/** What runs others is short: most of it is done by those. */
const longestAbove = 4;
const runWeight = 12;

/** What was drawn so far of one pipeline. */
class Drawing {
  readonly steps: StepSketch[] = [];
  readonly files: string[] = [];
  /** Steps that give numbers, and those that give just one. */
  readonly values: string[] = [];
  readonly numbers: string[] = [];

  constructor(
    readonly random: Random,
    /** Pipelines that it may run. */
    readonly below: readonly Sketch[],
  ) {}

  take(): string[] {
    const { random, values } = this;
    const width = random.integer(0, Math.min(3, values.length));
    return Array.from({ length: width }, () => random.pick(values));
  }

  put(step: StepSketch): void {
    this.steps.push(step);
    if (step.does === 'write') this.files.push(step.name);
    else if (step.does !== 'approval') this.values.push(step.name);
    if (!step.each && step.does !== 'write' && step.does !== 'approval') this.numbers.push(step.name);
  }
}

/**
 * A random graph of steps: each takes the numbers of up to three before it, and adds them up.
 * @param below pipelines that it runs some of
 */
export const drawSketch = (random: Random, name: string, below: readonly Sketch[] = []): Sketch => {
  const drawing = new Drawing(random, below);
  const length = random.integer(shortest, below.length > 0 ? longestAbove : longest);
  // Two stubborn steps would have to be opened twice; and a step that asks how one ended keeps its first answer.
  const mayBeStubborn = random.chance(0.4);
  for (let i = 0; i < length; i++) {
    const step = drawStep(drawing, `s${i}`, mayBeStubborn && !drawing.steps.some(isStubborn));
    drawing.put({ ...step, ...drawWhen(drawing, !mayBeStubborn), ...drawPriority(random, 0.15) });
  }
  return {
    name,
    main: drawing.steps,
    onFailure: random.chance(0.5) ? drawOnFailure(drawing, !mayBeStubborn) : [],
    finally: random.chance(0.4) ? drawFinally(drawing) : [],
    ...drawPriority(random, 0.3),
    ...(below.length > 0 && random.chance(0.3) ? { concurrency: random.integer(2, 4) } : {}),
  };
};

const drawPriority = (random: Random, chance: number): { priority?: number } =>
  random.chance(chance) ? { priority: random.integer(0, 9) } : {};

const drawStep = (drawing: Drawing, name: string, mayBeStubborn: boolean): StepSketch => {
  const { random, files, steps, below } = drawing;
  const mayRun = runnable(below, mayBeStubborn).length > 0;
  const others = random.weighted<Kind>({ ...weights, run: mayRun ? runWeight : 0 });
  const drawn = mayRun && steps.length === 0 ? 'run' : others;
  const kind = drawn === 'read' && files.length === 0 ? 'write' : drawn;
  // The same few files again and again, so that the cache has something to say.
  if (kind === 'write')
    return { name, does: 'write', adds: 0, takes: [], text: String(random.integer(0, 4)) };
  if (kind === 'approval') {
    const after = steps.length > 0 && random.chance(0.7) ? [random.pick(steps).name] : [];
    return { name, does: 'approval', adds: 0, takes: [], after, approvedFrom: random.integer(0, 3) };
  }
  // It takes nothing but what it adds, so that it stands alone unless it waits for something.
  if (kind === 'run') return { name, ...drawRun(random, below, mayBeStubborn), ...drawAfter(drawing, 0.4) };
  const common = { name, takes: drawing.take() };
  if (kind === 'each') return { ...common, ...drawEach(drawing) };
  const adds = random.chance(0.3) ? 'x' : random.integer(0, 99);
  if (kind === 'until')
    return {
      ...common,
      ...{ does: 'add', adds: random.pick(['index', 'x'] as const) },
      until: { atLeast: random.integer(2, 60), max: random.integer(2, 5) },
    };
  return { ...common, adds, ...drawDeed(drawing, kind, mayBeStubborn), ...drawAfter(drawing) };
};

/** Behind an approval, now and then, or behind anything else. */
const drawAfter = ({ random, steps }: Drawing, chance = 0.1): { after?: string[] } => {
  const approvals = steps.filter(({ does }) => does === 'approval');
  if (approvals.length > 0 && random.chance(0.5)) return { after: [random.pick(approvals).name] };
  return steps.length > 0 && random.chance(chance) ? { after: [random.pick(steps).name] } : {};
};

const drawDeed = (
  { random, files }: Drawing,
  does: Exclude<Kind, 'each' | 'until' | 'run'>,
  mayBeStubborn: boolean,
): Pick<StepSketch, 'does' | 'file' | 'ms' | 'fails'> => {
  if (does === 'read') return { does, file: random.pick(files) };
  if (does === 'slow') return { does, ms: random.integer(20, 900) };
  if (does === 'narrow') return { does, ms: random.integer(20, 150) };
  return does === 'flaky' ? { does, fails: drawFails(random, mayBeStubborn) } : { does };
};

const drawFails = (random: Random, mayBeStubborn: boolean): NonNullable<StepSketch['fails']> => {
  const code = random.pick(['unavailable', 'overloaded', 'internal'] as const);
  const backoffMs = random.integer(0, 200);
  if (mayBeStubborn && random.chance(0.7)) {
    // Is not tried again after this; or not often enough.
    if (random.chance(0.5)) return { times: 1, code, attempts: 5, backoffMs, on: ['deadline_exceeded'] };
    return { times: 3, code, attempts: 2, backoffMs };
  }
  const times = random.integer(1, 2);
  return { times, code, attempts: times + 1, backoffMs, ...(random.chance(0.5) ? { on: [code] } : {}) };
};

const drawEach = ({
  random,
  numbers,
}: Drawing): Pick<StepSketch, 'does' | 'adds' | 'each' | 'ms' | 'fails'> => {
  const items = Array.from({ length: random.integer(0, 5) }, () => {
    if (random.chance(0.2)) return 'x' as const;
    return numbers.length > 0 && random.chance(0.2) ? { of: random.pick(numbers) } : random.integer(0, 20);
  });
  const each = { items, ...(random.chance(0.6) ? { atOnce: random.integer(1, 3) } : {}) };
  const does = random.pick<Deed>(['add', 'add', 'slow', 'narrow', 'flaky', 'picky']);
  const adds = random.chance(0.8) ? 'item' : 'index';
  if (does === 'slow') return { does, adds, each, ms: random.integer(20, 300) };
  if (does === 'narrow') return { does, adds, each, ms: random.integer(20, 80) };
  return does === 'flaky' ? { does, adds, each, fails: drawFails(random, false) } : { does, adds, each };
};

const drawWhen = ({ random, steps, numbers }: Drawing, mayAskForEnds: boolean): { when?: Condition } => {
  if (!random.chance(0.2)) return {};
  if (steps.length > 0 && mayAskForEnds && random.chance(0.5)) {
    const as = random.pick(['failed', 'skipped'] as const);
    return { when: { kind: 'ended', step: random.pick(steps).name, as, not: random.chance(0.6) } };
  }
  if (numbers.length > 0 && random.chance(0.5)) return { when: { kind: 'even', step: random.pick(numbers) } };
  return { when: { kind: 'x', atLeast: random.integer(1, 7) } };
};

const drawOnFailure = ({ random, steps }: Drawing, mayAskForEnds: boolean): StepSketch[] => {
  const tell: StepSketch = { name: 'tell', does: 'add', adds: 'x', takes: [] };
  const when: Condition = { kind: 'ended', step: random.pick(steps).name, as: 'failed' };
  return [tell, { name: 'mend', does: 'add', adds: 5, takes: ['tell'], ...(mayAskForEnds ? { when } : {}) }];
};

const drawFinally = ({ random, below }: Drawing): StepSketch[] => {
  const close: StepSketch = { name: 'close', does: 'add', adds: 'x', takes: ['clean'] };
  if (runnable(below, false).length > 0 && random.chance(0.7)) {
    const { does, takes, runs } = drawRun(random, below, false);
    return [{ name: 'clean', does, takes, adds: 'outcome', ...(runs ? { runs } : {}) }, close];
  }
  const does = random.pick(['add', 'slow'] as const);
  return [{ name: 'clean', does, adds: 'outcome', takes: [], ms: 50 }, close];
};
