/** One unit of writing inside of a transaction that it may share. */
export type Work<Context> = (context: Context) => Promise<void>;

type Waiting<Context> = { work: Work<Context>; resolve: () => void; reject: (error: unknown) => void };

/**
 * What wants to be committed while a transaction is under way shares the next one, and so its fsync. When a shared
 * transaction fails, each of its parts is tried in one of its own, so that nobody fails for another's sake.
 */
export class GroupCommit<Context> {
  readonly #waiting: Waiting<Context>[] = [];
  #busy = false;

  constructor(
    private readonly transaction: (work: Work<Context>) => Promise<void>,
    private readonly maxGroup = 64,
  ) {}

  commit(work: Work<Context>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ work, resolve, reject });
      if (!this.#busy) void this.#drain();
    });
  }

  /** In a transaction of its own: what waits in there for a lock must not hold rows that others have written. */
  commitAlone(work: Work<Context>): Promise<void> {
    return this.transaction(work);
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, this.maxGroup);
      try {
        await this.transaction(async (context) => {
          for (const { work } of group) await work(context);
        });
        for (const { resolve } of group) resolve();
      } catch (error) {
        if (group.length === 1) group[0]?.reject(error);
        else for (const one of group) await this.transaction(one.work).then(one.resolve, one.reject);
      }
    }
    this.#busy = false;
  }
}
