import { CompletionQueue, type Horizon } from '@millrace/messaging';
import { Injectable, Optional } from '@nestjs/common';
import type { Lease } from './leases.js';

/** What nobody could write down for so long counts as unsaid, or one answer that nobody can take would keep all others. */
const patienceMs = 30_000;

/** Up to where there was something to hear when a lease was first found to be over. */
interface Mark {
  /** Of the lease: another sign of life makes it another silence. */
  since: number;
  last: number;
  at: number;
}

/**
 * A worker that has answered says nothing more, and its answer may wait for us: behind thousands of others, with a replica
 * that stands still, or for a database that is away. So a lease is over only when all that had been said by then is heard.
 */
@Injectable()
export class Earshot {
  readonly #marks = new WeakMap<Lease, Mark>();

  constructor(
    private readonly completions: CompletionQueue,
    @Optional() private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Those of whose workers nothing is left to be heard.
   * @param since tells one silence of a lease from another
   * @throws where JetStream does not answer
   */
  async heardOut(leases: readonly Lease[], since: (lease: Lease) => number): Promise<Lease[]> {
    if (leases.length === 0) return [];
    const horizon = await this.completions.horizon();
    return leases.filter((lease) => this.#isHeardOut(lease, since(lease), horizon));
  }

  #isHeardOut(lease: Lease, since: number, { last, answered }: Horizon): boolean {
    const known = this.#marks.get(lease);
    const mark = known?.since === since ? known : { since, last, at: this.now() };
    // A stream that was made anew counts from the beginning.
    mark.last = Math.min(mark.last, last);
    this.#marks.set(lease, mark);
    return answered >= mark.last || this.now() - mark.at >= patienceMs;
  }
}
