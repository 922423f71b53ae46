/** Something to wait for that may also happen while nobody waits. */
export class Wakeup {
  #called = false;
  #wake = (): void => undefined;

  /** What happened before counts no more. */
  reset(): void {
    this.#called = false;
  }

  wake(): void {
    this.#called = true;
    this.#wake();
  }

  /** Resolves `ms` after the call once something has happened since the reset, at once if that is over; else at `atMost`. */
  after(ms: number, { atMost }: { atMost: number }): Promise<void> {
    const begun = performance.now();
    return new Promise((resolve) => {
      let timer = setTimeout(resolve, Math.max(ms, this.#called ? 0 : atMost));
      this.#wake = () => {
        clearTimeout(timer);
        timer = setTimeout(resolve, Math.max(0, begun + ms - performance.now()));
      };
    });
  }
}
