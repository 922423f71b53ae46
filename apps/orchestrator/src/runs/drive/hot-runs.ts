import type { HotRun } from './hot-run.js';

/** The runs that something happened to lately, so that the next thing needs no reading. Bounded by their steps. */
export class HotRuns {
  readonly #runs = new Map<string, HotRun>();
  #steps = 0;

  constructor(private readonly maxSteps = 200_000) {}

  get(run: string): HotRun | undefined {
    const hot = this.#runs.get(run);
    if (!hot) return undefined;
    // To the young end of the map.
    this.#runs.delete(run);
    this.#runs.set(run, hot);
    return hot;
  }

  set(hot: HotRun): void {
    this.delete(hot.state.run);
    this.#runs.set(hot.state.run, hot);
    this.#steps += hot.state.steps.length;
    for (const [run] of this.#runs) {
      if (this.#steps <= this.maxSteps || run === hot.state.run) break;
      this.delete(run);
    }
  }

  delete(run: string): void {
    const hot = this.#runs.get(run);
    if (!hot) return;
    this.#runs.delete(run);
    this.#steps -= hot.state.steps.length;
  }
}
