import {
  isPicked,
  needsOf,
  outcomes,
  textNumber,
  type Amount,
  type Condition,
  type Sketch,
  type StepSketch,
} from './sketch.js';

/** How a step must end, and with which number where it has one. */
export interface ExpectedStep {
  status: 'succeeded' | 'failed' | 'skipped';
  n?: number;
  /** Of one that another run does: the `x` that this one is given. */
  x?: number;
}

export interface Expected {
  status: 'succeeded' | 'failed' | 'cancelled';
  /** With the instances of what is done several times. */
  steps: Map<string, ExpectedStep>;
}

/** What the sums depend on beside `x`. */
export interface Circumstances {
  /** It was opened again until what is stubborn gave in. */
  resumed?: boolean;
  /** It was cancelled, and reached its last steps as that. */
  cancelled?: boolean;
  /**
   * Steps that were refused what they read, because its bytes were not those of its digest. Those of a run below have the
   * step that it is done for before them: `sub/s1`.
   */
  refused?: ReadonlySet<string>;
  /** Steps whose run somebody cancelled, and not this one. */
  cutOff?: ReadonlySet<string>;
}

interface End extends ExpectedStep {
  /** All that it gives to others. */
  gives: number[];
  /** Without a result because of a failure, its own or one before it. */
  lost: boolean;
}

const failed: End = { status: 'failed', gives: [], lost: true };
const skipped = (lost: boolean): End => ({ status: 'skipped', gives: [], lost });
const succeeded = (n: number): End => ({ status: 'succeeded', n, gives: [n], lost: false });

/** Fails as often as it is tried after it was opened first; or what it runs does. */
export const isStubborn = ({ fails, runs }: StepSketch): boolean =>
  (fails !== undefined && attemptsOf(fails) <= fails.times) || (runs?.of.main.some(isStubborn) ?? false);

const attemptsOf = ({ attempts, on, code }: NonNullable<StepSketch['fails']>): number =>
  on === undefined || on.includes(code) ? attempts : 1;

/** What a run must come to, whatever happens on the way: the sums, reckoned without any machinery. */
export const expectedOf = (sketch: Sketch, x: number, circumstances: Circumstances = {}): Expected => {
  const sums = new Sums(x, circumstances);
  for (const step of sketch.main) sums.add(step);
  const went = sums.status;
  for (const step of sketch.onFailure)
    if (went === 'failed') sums.add(step);
    else sums.ends.set(step.name, skipped(false));
  const outcome = circumstances.cancelled ? 'cancelled' : went;
  for (const step of sketch.finally) sums.add(step, outcomes[outcome]);
  const steps = [...sums.ends].map(([name, { status, n, x: given }]) => [
    name,
    { status, ...(n === undefined ? {} : { n }), ...(given === undefined ? {} : { x: given }) },
  ]);
  return {
    status: circumstances.cancelled ? 'cancelled' : sums.status,
    steps: new Map(steps as [string, ExpectedStep][]),
  };
};

const nothing: ReadonlySet<string> = new Set();

/** Of the paths, those in what is done for a step, as they are called there. */
const inside = (paths: ReadonlySet<string>, step: string): ReadonlySet<string> =>
  new Set([...paths].flatMap((path) => (path.startsWith(`${step}/`) ? [path.slice(step.length + 1)] : [])));

class Sums {
  readonly ends = new Map<string, End>();

  constructor(
    private readonly x: number,
    private readonly circumstances: Circumstances,
  ) {}

  get status(): 'succeeded' | 'failed' {
    return [...this.ends.values()].some(({ status }) => status === 'failed') ? 'failed' : 'succeeded';
  }

  /** @param outcome how the run went, as a number */
  add(step: StepSketch, outcome = NaN): void {
    this.ends.set(step.name, this.#end(step, outcome));
  }

  #end(step: StepSketch, outcome: number): End {
    const needs = needsOf(step).map((name) => ({ name, end: this.ends.get(name) ?? failed }));
    const { when } = step;
    if (!when) {
      if (needs.some(({ end }) => end.status !== 'succeeded'))
        return skipped(needs.some(({ end }) => end.lost));
    } else {
      const asked = when.kind === 'ended' ? when.step : undefined;
      const isLost = needs.some(({ end }) => end.lost);
      if (needs.some(({ name, end }) => end.lost && name !== asked)) return skipped(isLost);
      const holds = this.#holds(when);
      if (holds === undefined) return failed;
      const isEmpty = step.file !== undefined && this.ends.get(step.file)?.status !== 'succeeded';
      if (!holds || isEmpty) return skipped(isLost);
    }
    if (step.each) return this.#each(step, step.each);
    if (step.until) return this.#until(step, step.until);
    return this.#once(step, this.#amount(step.adds, { outcome }), step.name);
  }

  /** @returns undefined where that cannot be said */
  #holds(when: Condition): boolean | undefined {
    if (when.kind === 'x') return this.x >= when.atLeast;
    const end = this.ends.get(when.step) ?? failed;
    if (when.kind === 'ended') return (end.status === when.as) !== (when.not ?? false);
    return end.n === undefined ? undefined : end.n % 2 === 0;
  }

  #amount(adds: Amount, more: { item?: number; index?: number; outcome?: number } = {}): number {
    if (typeof adds === 'number') return adds;
    return adds === 'x' ? this.x : (more[adds] ?? NaN);
  }

  /**
   * What has all that it needs: of its own, with what it takes.
   * @param name of the step, or of the instance of it
   */
  #once(step: StepSketch, own: number, name: string, before = 0): End {
    const { does, takes, file, approvedFrom = 0, runs } = step;
    if (runs) return this.#run(runs, own, name);
    if (does === 'poison' || does === 'deadly') return failed;
    if (does === 'picky' && isPicked(own)) return failed;
    if (does === 'approval' && this.x < approvedFrom) return failed;
    if (this.circumstances.refused?.has(step.name)) return failed;
    if (isStubborn(step) && !this.circumstances.resumed) return failed;
    if (does === 'write')
      return { status: 'succeeded', gives: [textNumber(`${step.text}-${this.x}`)], lost: false };
    if (does === 'approval') return { status: 'succeeded', gives: [], lost: false };
    const given = [...takes, ...(file === undefined ? [] : [file])].flatMap(
      (name) => this.ends.get(name)?.gives ?? [],
    );
    return succeeded(given.reduce((sum, n) => sum + n, own + before));
  }

  #run({ of, gives }: NonNullable<StepSketch['runs']>, x: number, name: string): End {
    const { resumed = false, refused = nothing, cutOff = nothing } = this.circumstances;
    if (cutOff.has(name)) return { ...failed, x };
    const circumstances = { resumed, refused: inside(refused, name), cutOff: inside(cutOff, name) };
    const below = expectedOf(of, x, circumstances);
    const { n } = below.steps.get(gives) ?? {};
    return below.status === 'succeeded' && n !== undefined ? { ...succeeded(n), x } : { ...failed, x };
  }

  #each(step: StepSketch, { items }: NonNullable<StepSketch['each']>): End {
    const values = items.map((item) =>
      typeof item === 'object' ? this.ends.get(item.of)?.n : this.#amount(item),
    );
    // An item that is a number of a step without one.
    if (values.includes(undefined)) return failed;
    const ends = values.map((item = NaN, index) => {
      const name = `${step.name}[${index}]`;
      const end = this.#once(step, this.#amount(step.adds, { item, index }), name);
      this.ends.set(name, end);
      return end;
    });
    if (ends.some(({ status }) => status === 'failed')) return failed;
    return { status: 'succeeded', gives: ends.flatMap(({ gives }) => gives), lost: false };
  }

  #until(step: StepSketch, { atLeast, max }: NonNullable<StepSketch['until']>): End {
    let before = 0;
    for (let index = 1; index <= max; index++) {
      const name = `${step.name}#${index}`;
      const end = this.#once(step, this.#amount(step.adds, { index }), name, before);
      this.ends.set(name, end);
      if (end.n === undefined) return failed;
      // The step itself is no run.
      if (end.n >= atLeast) return succeeded(end.n);
      before = end.n;
    }
    return failed;
  }
}
