import type { HotRun } from './hot-run.js';
import type { Signal } from './signal.js';

export interface Letter {
  signal: Signal;
  /** Id of what another run told; removed with what follows from it. */
  message?: number;
  resolve: (run: HotRun) => void;
  reject: (error: unknown) => void;
}

/** What was told to one run and waits for its turn. */
export class Mailbox {
  letters: Letter[] = [];
  busy = false;
  #timer: NodeJS.Timeout | undefined;

  get idle(): boolean {
    return !this.busy && this.letters.length === 0;
  }

  take(limit: number): Letter[] {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.letters.splice(0, limit);
  }

  /** Some news can wait for better company: it goes along with whatever comes next, or alone after this long. */
  after(delayMs: number, work: () => void): void {
    this.#timer ??= setTimeout(work, delayMs);
  }
}
