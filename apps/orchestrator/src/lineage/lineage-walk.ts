export interface Reached {
  run: string;
  step: string;
}

interface Touch extends Reached {
  digest: string;
}

type Side = 'in' | 'out';
type Touching = (digests: readonly string[], side: Side) => Promise<Touch[]>;
type At = (steps: readonly Reached[], side: Side) => Promise<{ digest: string }[]>;

const other = { in: 'out', out: 'in' } as const;

/** Breadth first from artifact to step to artifact, each of them once, and not without end. */
export class LineageWalk {
  readonly #steps = new Map<string, Reached>();
  truncated = false;

  constructor(
    private readonly touching: Touching,
    private readonly at: At,
    private readonly maxSteps = 500,
  ) {}

  get reached(): Reached[] {
    return [...this.#steps.values()];
  }

  /** @param side `out`: to the steps that gave it, and on to what those were given; `in`: the other way */
  async follow(digest: string, side: Side, depth: number): Promise<void> {
    const seen = new Set([digest]);
    const followed = new Set<string>();
    let digests = [digest];
    for (let level = 0; digests.length > 0; level++) {
      const steps = this.#take(await this.touching(digests, side), followed);
      if (steps.length === 0) return;
      const next = (await this.at(steps, other[side])).map((touch) => touch.digest);
      digests = [...new Set(next)].filter((one) => !seen.has(one));
      for (const one of digests) seen.add(one);
      if (level + 1 === depth && digests.length > 0) {
        this.truncated = true;
        return;
      }
    }
  }

  #take(touches: readonly Touch[], followed: Set<string>): Reached[] {
    const steps: Reached[] = [];
    for (const { run, step } of touches) {
      const key = `${run}/${step}`;
      if (followed.has(key)) continue;
      if (!this.#steps.has(key) && this.#steps.size >= this.maxSteps) {
        this.truncated = true;
        continue;
      }
      followed.add(key);
      this.#steps.set(key, { run, step });
      steps.push({ run, step });
    }
    return steps;
  }
}
