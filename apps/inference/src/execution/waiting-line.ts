import type { Feeds } from '../protocol/tensor.js';
import type { QueuedRun } from './queued-run.js';

/** A request in the line, as it came: a copy of each would be felt. */
export interface Waiting {
  readonly asked: QueuedRun;
  /** Of `performance.now()`. */
  since: number;
  resolve(outputs: Feeds): void;
  reject(error: unknown): void;
}

/** Where a request stands that says nothing (priority 0): there is room on both sides. */
export const defaultPriority = 10;

const rankOf = ({ asked }: Waiting): number => asked.priority || defaultPriority;

/** The more urgent before the less urgent, and among equals first come, first served. */
export class WaitingLine {
  private line: Waiting[] = [];
  private rowCount = 0;

  get length(): number {
    return this.line.length;
  }

  get rows(): number {
    return this.rowCount;
  }

  /** When the one came that has waited longest; Infinity when nobody waits. */
  get oldest(): number {
    let oldest = Infinity;
    for (const { since } of this.line) if (since < oldest) oldest = since;
    return oldest;
  }

  add(request: Waiting): void {
    this.rowCount += request.asked.rows;
    const rank = rankOf(request);
    let at = this.line.length;
    if (at > 0 && rankOf(this.line[at - 1]!) > rank)
      at = this.line.findIndex((other) => rankOf(other) > rank);
    if (at === this.line.length) this.line.push(request);
    else this.line.splice(at, 0, request);
  }

  /** From the front, for as long as `take` says; what it says no to stays. */
  takeWhile(take: (request: Waiting) => boolean): void {
    let taken = 0;
    for (const request of this.line) {
      if (!take(request)) break;
      this.rowCount -= request.asked.rows;
      taken += 1;
    }
    this.line = taken === this.line.length ? [] : this.line.slice(taken);
  }
}
