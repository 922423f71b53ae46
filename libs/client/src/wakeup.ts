/** Something to wait for that may also happen while nobody waits. */
export class Wakeup {
  #called = false;
  #ended = false;
  #wake = (): void => undefined;

  /** What happened before counts no more. */
  reset(): void {
    this.#called = false;
  }

  wake(): void {
    this.#called = true;
    this.#wake();
  }

  /** Nobody waits any longer. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Resolves `ms` after the call once something has happened since the reset, at once if that is over; else at `atMost`. */
  after(ms: number, { atMost }: { atMost: number }): Promise<void> {
    const begun = performance.now();
    const left = () => (this.#ended ? 0 : Math.max(0, begun + ms - performance.now()));
    return new Promise((resolve) => {
      let timer = setTimeout(resolve, this.#called || this.#ended ? left() : Math.max(ms, atMost));
      this.#wake = () => {
        clearTimeout(timer);
        timer = setTimeout(resolve, left());
      };
    });
  }
}
