/** Hands a resource to one holder at a time, in the order of asking. */
export class FifoLock {
  private held = false;
  private readonly waiting: ((release: () => void) => void)[] = [];

  /** How many wait for their turn. */
  get queued(): number {
    return this.waiting.length;
  }

  /** @returns what gives it back; calling that twice does nothing. */
  acquire(): Promise<() => void> {
    if (!this.held) {
      this.held = true;
      return Promise.resolve(this.releaseOnce());
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private releaseOnce(): () => void {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const next = this.waiting.shift();
      if (next) next(this.releaseOnce());
      else this.held = false;
    };
  }
}
