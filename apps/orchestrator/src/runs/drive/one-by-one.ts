type Work = { again: boolean; done: Promise<void> };

/** The same work for each of many things: for one thing never twice at once, and once more when it was asked for meanwhile. */
export class OneByOne {
  readonly #busy = new Map<string, Work>();

  /** @param work must not reject */
  constructor(private readonly work: (what: string) => Promise<void>) {}

  /** Resolves when all that was there when it was asked for is done. */
  ask(what: string): Promise<void> {
    const busy = this.#busy.get(what);
    if (busy) {
      busy.again = true;
      return busy.done;
    }
    const begun: Work = { again: false, done: Promise.resolve() };
    this.#busy.set(what, begun);
    begun.done = this.#run(what, begun).finally(() => this.#busy.delete(what));
    return begun.done;
  }

  /** When nothing is under way. */
  async idle(): Promise<void> {
    while (this.#busy.size > 0) await Promise.all([...this.#busy.values()].map(({ done }) => done));
  }

  async #run(what: string, begun: Work): Promise<void> {
    do {
      begun.again = false;
      await this.work(what);
    } while (begun.again);
  }
}
