/**
 * Which tasks of a process run beside each other: all that its workers take, but a task that is suspected of killing its
 * workers runs alone, so that it takes nothing along. While one waits or runs, nothing else is begun.
 */
export class Floor {
  private others = 0;
  private suspects = 0;
  private alone = false;
  private readonly listeners = new Set<() => void>();

  /** Resolves when ordinary tasks may begin, or the signal is aborted. */
  opened(signal: AbortSignal): Promise<void> {
    return this.until(() => this.suspects === 0, signal);
  }

  /** The way out, or `undefined` when an ordinary task may not begin now. */
  enterNow(): (() => void) | undefined {
    if (this.suspects > 0) return undefined;
    this.others++;
    return () => this.change(() => this.others--);
  }

  /**
   * Resolves, with the way out, when an ordinary task may begin.
   * @throws the signal's reason
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    for (;;) {
      await this.opened(signal);
      signal.throwIfAborted();
      const leave = this.enterNow();
      if (leave) return leave;
    }
  }

  /**
   * The same for a suspect. It begins when nothing else is in hand, or what is has not ended for so long.
   * @throws the signal's reason
   */
  async enterAlone(signal: AbortSignal, patienceMs: number): Promise<() => void> {
    this.suspects++;
    const patience = AbortSignal.timeout(patienceMs);
    const wake = (): void => this.change(() => undefined);
    patience.addEventListener('abort', wake, { once: true });
    const isFree = (): boolean => !this.alone && (this.others === 0 || patience.aborted);
    try {
      // Whoever else waited for it may have been quicker: looking and taking are one.
      do {
        await this.until(isFree, signal);
        signal.throwIfAborted();
      } while (!isFree());
      this.alone = true;
    } catch (error) {
      this.change(() => this.suspects--);
      throw error;
    } finally {
      patience.removeEventListener('abort', wake);
    }
    return () =>
      this.change(() => {
        this.alone = false;
        this.suspects--;
      });
  }

  private change(how: () => void): void {
    how();
    for (const listener of [...this.listeners]) listener();
  }

  private async until(condition: () => boolean, signal: AbortSignal): Promise<void> {
    while (!condition() && !signal.aborted)
      await new Promise<void>((resolve) => {
        const go = (): void => {
          this.listeners.delete(go);
          signal.removeEventListener('abort', go);
          resolve();
        };
        this.listeners.add(go);
        signal.addEventListener('abort', go, { once: true });
      });
  }
}

/** What dies, dies with its process: whatever else may be in it. */
export const floorOfProcess = new Floor();
